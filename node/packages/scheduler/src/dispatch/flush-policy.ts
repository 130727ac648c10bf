import type { ClaimAhead } from "./claim-ahead.js";

/** What the decision to send is made from; nothing is in flight. */
export interface FlushView {
  /** Outcomes of steps that wait to be recorded. */
  readonly finishedSteps: number;
  /** Outcomes of flow calls that wait and may bring work: see `Holdings.urgentCalls`. */
  readonly urgentCalls: number;
  /** Releases and start marks that wait to be recorded. */
  readonly notes: number;
  /** Since when the oldest of all these waits, monotonic ms; null if there is none. */
  readonly waitingSince: number | null;
  /** Slots in which nothing runs and for which nothing is queued. */
  readonly emptySteps: number;
  readonly emptyCalls: number;
  /**
   * Outcomes of steps wait so long for those of others that run, though slots stand empty, in ms: the time of an exchange, 10 at most, where the last one that
   * went out while others ran brought nothing, because what comes next waits for more of them, and whichever is the last one would have to wait for an exchange that is under way; or where the call that asked for them over HTTP
   * still runs, before whose end the flow is not called back. Else 0.
   */
  readonly patienceMs: number;
  /** Claimed ahead and not started. */
  readonly queued: number;
  /** What one would like to own beyond what runs. */
  readonly ahead: Pick<ClaimAhead, "reserve" | "gatherMs">;
  /** May an exchange be sent for nothing but claims? Not after an answer with fewer rows than asked, until something suggests that there is more. */
  readonly mayAskSteps: boolean;
  readonly mayAskCalls: boolean;
}

/** Send now, look again after so many ms, or wait for something to happen. */
export type FlushDecision =
  | { readonly action: "send" }
  | { readonly action: "wait"; readonly ms: number }
  | { readonly action: "rest" };

const send: FlushDecision = { action: "send" };
const rest: FlushDecision = { action: "rest" };

/**
 * When the next exchange goes out: at once if a slot would stand empty, unless the last one brought nothing for it; else when what was claimed ahead is used up to its
 * reserve, and never later than the gathering time after the first outcome.
 */
export function decideFlush(view: FlushView, now: number): FlushDecision {
  if (view.emptySteps > 0 && view.mayAskSteps) return send;
  if (view.emptyCalls > 0 && (view.mayAskCalls || view.urgentCalls > 0)) return send;
  if (view.waitingSince === null) return rest;
  const ms = view.waitingSince + longest(view) - now;
  return ms <= 0 ? send : { action: "wait", ms };
}

/** So long the oldest of what is to be told may wait, in ms. */
function longest({ finishedSteps, emptySteps, queued, mayAskSteps, ahead, patienceMs }: FlushView): number {
  if (finishedSteps === 0) return ahead.gatherMs;
  const soonEmpty = emptySteps > 0 || queued <= (mayAskSteps ? ahead.reserve : 0);
  return soonEmpty ? patienceMs : ahead.gatherMs;
}
