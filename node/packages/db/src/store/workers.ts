import type { Worker } from "@maxq/core";
import type { RunControl } from "./work.js";

export interface NewWorker {
  /** Its name among workers, e.g. `host/1`. */
  readonly id: string;
  readonly host: string;
  /** Identifies the process on its host: boot id, pid, start time. */
  readonly bootId: string;
  readonly pid: number;
  readonly pidStartedAt: string;
  readonly role: string;
  readonly slots: number;
  readonly launcher: string;
  readonly version: string;
  readonly leaseMs: number;
}

/** A worker's row as rescuers see it. */
export interface LeaseView {
  readonly workerKey: number;
  readonly id: string;
  readonly host: string;
  readonly bootId: string;
  readonly pid: number;
  readonly pidStartedAt: string;
  /** Grows by one with each renewal. */
  readonly renewals: number;
  readonly leaseMs: number;
  /** By the database's clock. */
  readonly lapsed: boolean;
}

/** Workers, leases and rescue. Each registration is a row of its own; its key is the fence. */
export interface WorkerStore {
  registerWorker(worker: NewWorker): Promise<number>;
  /** Renews the lease; answers the words that stand on runs of which the worker owns tasks. `lost`: it was rescued: kill everything, register anew. */
  renewLease(
    workerKey: number,
  ): Promise<
    { readonly reason: "renewed"; readonly controls: readonly RunControl[] } | { readonly reason: "lost" }
  >;
  /** No more claims for it; still live. */
  drainWorker(workerKey: number): Promise<void>;
  /** Ends the registration; what it still owned is rescued at once. */
  retireWorker(workerKey: number): Promise<void>;
  /** Leases of all live registrations but one's own. */
  listLeases(exceptWorkerKey: number | null): Promise<readonly LeaseView[]>;
  /**
   * Ends a dead worker's registration and gives back what it owned: started attempts are recorded with reason `worker_lost` (at most 3 a step, then it fails; `onLost: fail` at once),
   * claimed and not started ones return as they were. Expects `renewals` unchanged; answers how many tasks were given back, null if it had renewed meanwhile.
   * Also finds tasks of registrations that are over.
   */
  rescueWorker(workerKey: number, renewals: number): Promise<number | null>;
  listWorkers(): Promise<readonly Worker[]>;
}
