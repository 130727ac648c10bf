/**
 * No outcome waits longer than this for company, and none waits while a slot stands empty. With 10 ms an exchange of a fan-out carries 16 outcomes, with 5 it carried 12:
 * in three sessions the database took 8, 13 and 21 % less CPU time a step, the engine 1, 10 and 15 %. 20 ms gained no more.
 */
export const GATHER_MS = 10;

/** What the decision to send is made from; nothing is in flight. */
export interface FlushView {
  /** Outcomes that wait to be recorded, by kind. */
  readonly finishedSteps: number;
  readonly finishedCalls: number;
  /** Releases and start marks that wait to be recorded. */
  readonly notes: number;
  /** Since when the oldest of all these waits, monotonic ms; null if there is none. */
  readonly waitingSince: number | null;
  /** Slots in which nothing runs and for which nothing is queued. */
  readonly emptySteps: number;
  readonly emptyCalls: number;
  /** Claimed ahead and not started. */
  readonly queued: number;
  /** How many one would like to have claimed ahead. */
  readonly ahead: number;
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
 * When the next exchange goes out: at once if a slot would stand empty, else when half of what was claimed ahead is used up,
 * and never later than `GATHER_MS` after the first outcome.
 */
export function decideFlush(view: FlushView, now: number): FlushDecision {
  if (view.emptySteps > 0 && (view.mayAskSteps || view.finishedSteps > 0)) return send;
  if (view.emptyCalls > 0 && (view.mayAskCalls || view.finishedCalls > 0)) return send;
  if (view.waitingSince === null) return rest;
  if (view.finishedSteps > 0 && view.queued * 2 <= view.ahead) return send;
  const ms = view.waitingSince + GATHER_MS - now;
  return ms <= 0 ? send : { action: "wait", ms };
}
