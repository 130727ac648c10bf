import { attemptKey, type ScriptProcess } from "@maxq/core";
import type { ClaimedTask } from "@maxq/db";

/** A task that this worker owns, from its claim until its outcome is recorded: the one record that the pipeline fills in. */
export interface HeldTask {
  readonly task: ClaimedTask;
  /** Unique among attempts; see `attemptKey`. */
  readonly attemptKey: string;
  /** Monotonic ms. */
  readonly claimedAt: number;
  /** The database counts it as started; false for one that was claimed ahead. */
  markedStarted: boolean;
  /** Monotonic ms; null before the start. While it waits at the launcher, when it was handed over. */
  startedAt: number | null;
  /** Null before the start. */
  process: ScriptProcess | null;
  /** It was handed to the launcher while all slots were taken, and as far as is known here it waits there for others to end. */
  waits: boolean;
  /** Of a flow call: an exchange told of steps of its run while it ran on, so that others need not wait for its end. */
  outlasted: boolean;
  /** Where it goes if the launcher, at which it waits, returns it: `nowhere` if it is somebody else's by now. */
  goesTo: "queue" | "database" | "nowhere";
  /** Its place in the queue: what came before it has a lower number. */
  place: number;
}

/** A record for a task that was just claimed. */
export function holdTask(task: ClaimedTask, now: number, markedStarted: boolean): HeldTask {
  return {
    task,
    attemptKey: attemptKey(task),
    claimedAt: now,
    markedStarted,
    startedAt: null,
    process: null,
    waits: false,
    outlasted: false,
    goesTo: "queue",
    place: 0,
  };
}
