import { GATHER_MS } from "./flush-policy.js";

/** What decides how much is claimed ahead. Times in ms. */
export interface Pace {
  readonly slots: number;
  /** Moving average of an exchange's round trip; null before the first. */
  readonly commitMs: number | null;
  /** Moving average of a step's duration; null before the first. */
  readonly stepMs: number | null;
  /** Average age of the steps that run now; 0 if none does. Notices long steps before the first of them ends. */
  readonly runningMs: number;
}

/**
 * How many steps to own beyond those that run: as many as end while one exchange commits and the next one gathers, so that fsync hides behind short scripts and
 * each exchange, most of whose cost does not depend on how much it carries, carries many; and none of long ones, which other workers might start at once.
 * With an fsync of 5 ms, 0 made 0.60 of `xargs`, 10 made 0.98, 30 made 1.10.
 */
export function claimAhead({ slots, commitMs, stepMs, runningMs }: Pace): number {
  if (commitMs === null || stepMs === null) return 0;
  const perStep = Math.max(stepMs, runningMs, 0.01);
  return Math.min(3 * slots, Math.floor((slots * (commitMs + GATHER_MS)) / perStep));
}
