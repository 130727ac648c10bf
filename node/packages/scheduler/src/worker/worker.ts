import type { LiveOutput } from "@maxq/core";
import type { StopOptions } from "./options.js";

/** A process's part in the work: claims steps and flow calls, runs them, records how they end. */
export interface Worker {
  /** Registers, gives back what dead workers of this host own, and begins to claim. Idempotent. Rejects with `DatabaseUnavailable` if it cannot register. */
  start(): Promise<void>;
  /**
   * Drains: claims nothing more, hands back what was not started, lets scripts run for `drainMs`, then ends them; resolves when everything is recorded
   * and the registration retired, or soon after the last script if the database does not answer. Called again, it can only be hurried: `{ drainMs: 0, graceMs: 0 }` kills now.
   */
  stop(options: StopOptions): Promise<void>;
  /** One round of everything: heartbeat, rescue, timers, retention, exchange. For tests. */
  runOnce(): Promise<void>;
  /** Output of the scripts that run here. */
  readonly live: LiveOutput;
  /** What the worker is doing now. */
  status(): WorkerStatus;
}

/** A worker's state in numbers. */
export interface WorkerStatus {
  /** The registration's key; null before `start`. */
  readonly workerKey: number | null;
  readonly runningSteps: number;
  readonly runningCalls: number;
  /** Claimed ahead and not started. */
  readonly queued: number;
  /** Outcomes that wait to be recorded. */
  readonly unrecorded: number;
  readonly draining: boolean;
  /** Does its lease hold? If not, it starts nothing. */
  readonly leaseHolds: boolean;
  /** For how long scripts may run without another renewal, in ms; 0 or less: nothing may. */
  readonly leaseRemainingMs: number;
}
