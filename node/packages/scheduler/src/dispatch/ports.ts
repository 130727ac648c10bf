import type { ScriptProcess } from "@maxq/core";
import type { AttemptRef, EndedRun, WorkStore } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import type { Reachability } from "../database/reachability.js";
import type { Lease } from "../heartbeat/lease.js";
import type { WorkerInstruments } from "../instruments.js";
import type { WorkerLogger } from "../logger.js";
import type { HeldTask } from "../task/held-task.js";
import type { Finished, Withdrawn } from "../task/run-task.js";

/** What the dispatch loop works with, and whom it tells. */
export interface DispatchPorts {
  readonly store: WorkStore;
  readonly clock: Clock;
  readonly logger: WorkerLogger;
  readonly reachability: Reachability;
  readonly lease: Lease;
  readonly instruments: WorkerInstruments;
  /** See `ScriptRunner.keepsWaiting`. */
  readonly keepsWaiting: () => boolean;
  /** Starts a task and tells once either its outcome, or that it was not started and is returned. */
  readonly run: (held: HeldTask, finished: Finished, withdrawn: Withdrawn) => void;
  /** Goes on with a task that a predecessor started, and tells its outcome once. */
  readonly adopt: (held: HeldTask, process: ScriptProcess, finished: Finished, withdrawn: Withdrawn) => void;
  /** This outcome is in the database, or came too late. */
  readonly recorded: (outcome: AttemptRef) => void;
  /** Runs that ended in an exchange of this worker. */
  readonly runsEnded: (runs: readonly EndedRun[]) => void;
  /** Attempts failed: a retry may be waiting for its time. */
  readonly attemptsFailed: () => void;
  /** The runner's deadline ended a script, or kept one from starting, before the lease ran out by the clock of this process. */
  readonly fenced: () => void;
  /** A script was killed because the lease was not renewed in time: by the runner, or by this worker. */
  readonly killedAtDeadline: () => void;
  /** Nothing is owned and nothing is to be told any more. */
  readonly idle: () => void;
}
