/** What decides how much is claimed ahead, and how long outcomes gather. Times in ms. */
export interface Pace {
  readonly slots: number;
  /** Moving average of an exchange's round trip; null before the first. */
  readonly commitMs: number | null;
  /** Moving average of a step's duration; null before the first. */
  readonly stepMs: number | null;
  /** Average age of the steps that run now; 0 if none does. Notices long steps before the first of them ends. */
  readonly runningMs: number;
}

/** How many steps to own beyond those that run, how many of them may wait at the launcher, and how long outcomes may wait for company. */
export interface ClaimAhead {
  /** So many are asked for. */
  readonly steps: number;
  /** As many as start while two exchanges commit: with no more than these left, the next exchange goes out, before a slot stands empty. */
  readonly reserve: number;
  /** So many may wait at the launcher, which begins the next one the moment another ends. */
  readonly handOver: number;
  /** No outcome waits longer for others, in ms. */
  readonly gatherMs: number;
}

/** Outcomes of long steps wait no longer than this, those of short ones no longer than that, in ms. */
export const SHORTEST_GATHER_MS = 10;
export const LONGEST_GATHER_MS = 40;
/** Where nothing is claimed, or nothing is known of the pace. */
export const nothingAhead: ClaimAhead = { steps: 0, reserve: 0, handOver: 0, gatherMs: SHORTEST_GATHER_MS };
/** Shorter steps than this wait longer than the shortest time. */
const SHORT_STEP_MS = 100;
/** No longer ones than this wait at the launcher, in ms: others could start them at once, and the engine hears of ends in time. */
const LONGEST_HANDED_OVER_MS = 25;
const MOST_PER_SLOT = 8;

/**
 * As many as end while an exchange commits and the next one gathers, so that fsync hides behind short scripts, and each exchange, most of whose cost does not depend
 * on how much it carries, carries many; and none of long ones, which other workers might start at once. With an fsync of 5 ms, 0 made 0.60 of `xargs`, 10 made 0.98.
 *
 * Of 1,000 no-op steps an exchange carries 17 outcomes with 10 ms, 30 with 40 ms: three sessions interleaved, PostgreSQL used 0.20 instead of 0.29 ms of CPU a step, and the
 * engine 0.26 instead of 0.34. Long steps gain nothing by it, and others may wait for them: those of 100 ms and more gather for the shortest time.
 */
export function claimAhead({ slots, commitMs, stepMs, runningMs }: Pace): ClaimAhead {
  if (commitMs === null || stepMs === null) return nothingAhead;
  const perStep = Math.max(stepMs, runningMs, 0.01);
  const gatherMs = Math.max(
    SHORTEST_GATHER_MS,
    Math.min(LONGEST_GATHER_MS, (SHORTEST_GATHER_MS * SHORT_STEP_MS) / perStep),
  );
  const during = (ms: number): number => Math.floor((slots * ms) / perStep);
  return {
    steps: Math.min(MOST_PER_SLOT * slots, during(2 * commitMs + gatherMs)),
    reserve: Math.min((MOST_PER_SLOT * slots) / 2, during(2 * commitMs)),
    handOver: perStep <= LONGEST_HANDED_OVER_MS ? slots : 0,
    gatherMs,
  };
}
