import { attemptKey } from "@maxq/core";
import type { AttemptRef, ClaimedTask } from "@maxq/db";
import type { HeldTask } from "../task/held-task.js";
import type { Holdings } from "./holdings.js";

/** What was found when the worker compared what it holds with what the database says it owns. */
export interface Differences {
  /** Owned and unknown here: claimed by an exchange whose answer never came. */
  readonly unknown: readonly ClaimedTask[];
  /** Running here and owned no more: others may start them. */
  readonly disowned: readonly HeldTask[];
  /** Outcomes that are recorded, or came too late. */
  readonly recorded: readonly AttemptRef[];
}

/**
 * Forgets outcomes, releases and queued tasks that the database does not count as this worker's any more: they were recorded by an exchange whose answer
 * never came, or somebody else has them. Answers what is left to be started and to be killed.
 */
export function reconcile(holdings: Holdings, owned: readonly ClaimedTask[]): Differences {
  const theirs = new Set(owned.map(attemptKey));
  const isOwned = (ref: { key: number; attempt: number }) => theirs.has(attemptKey(ref));
  const queued = holdings.queue.filter(({ task }) => isOwned(task));
  holdings.queue.length = 0;
  holdings.queue.push(...queued);
  const { outcomes, released, started } = holdings.take();
  holdings.putBack(
    {
      outcomes: outcomes.filter(isOwned),
      released: released.filter(isOwned),
      started: started.filter(isOwned),
    },
    holdings.waitingSince ?? 0,
  );
  const known = new Set([
    ...holdings.running.keys(),
    ...queued.map((held) => held.attemptKey),
    ...[...outcomes, ...released].map(attemptKey),
  ]);
  return {
    unknown: owned.filter((task) => !known.has(attemptKey(task))),
    recorded: outcomes.filter((outcome) => !isOwned(outcome)),
    disowned: [...holdings.running.values()].filter(({ task }) => !isOwned(task)),
  };
}
