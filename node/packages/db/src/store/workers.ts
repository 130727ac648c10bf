import type { Worker } from "@maxq/core";
import type { RunControl } from "./work.js";

/** A process as it registers: who it is, so that others can tell whether it still lives and what it left behind, and what it can do. */
export interface NewWorker {
  /** Its name among workers, e.g. `host/1@3fa9c1`. */
  readonly id: string;
  readonly host: string;
  /** Identifies the process on its host: boot id, pid, start time. */
  readonly bootId: string;
  readonly pid: number;
  readonly pidStartedAt: string;
  readonly role: string;
  readonly slots: number;
  readonly launcher: string;
  /** What holds the processes of scripts together; see `ScriptRunner.containment`. */
  readonly containment: string;
  /** Names all that its launchers start, for whoever looks for it when both have died; "" where there is no name. */
  readonly mark: string;
  readonly version: string;
  readonly leaseMs: number;
}

/** A process on its host, as it registered. */
export type WorkerProcess = Pick<NewWorker, "bootId" | "pid" | "pidStartedAt">;

/** A worker's row as rescuers see it. */
export interface LeaseView {
  readonly workerKey: number;
  readonly id: string;
  readonly host: string;
  readonly bootId: string;
  readonly pid: number;
  readonly pidStartedAt: string;
  readonly mark: string;
  /** Grows by one with each renewal. */
  readonly renewals: number;
  readonly leaseMs: number;
}

/** What a renewal answers. */
export interface Renewed {
  readonly reason: "renewed";
  /** Words that stand on runs of which the worker owns tasks. */
  readonly controls: readonly RunControl[];
  /** As `listLeases` answers them, without its own. */
  readonly others: readonly LeaseView[];
  /** Ms until `runTimers` has something to do, 0 if it has now; null if nothing waits for a time. */
  readonly dueInMs: number | null;
  /** Whether something waits to be claimed, by whomever. */
  readonly work: boolean;
}

/** Workers, leases and rescue. Each registration is a row of its own; its key is the fence. */
export interface WorkerStore {
  registerWorker(worker: NewWorker): Promise<number>;
  /**
   * Registers a worker in the place of one of these dead processes, the first that still has a registration: that one ends, and all that it owns is the new one's,
   * as it is. Its lease is the longer of the two: scripts may run for as long as the old one allowed. Null, and nothing is registered, if none has: what they owned
   * was given to others. Whatever a dead process still has under way changes nothing afterwards.
   */
  succeedWorker(dead: readonly WorkerProcess[], worker: NewWorker): Promise<number | null>;
  /** Renews the lease, and answers what else there is to know, so that an idle worker asks nothing else. `lost`: it was rescued: kill everything, register anew. */
  renewLease(workerKey: number): Promise<Renewed | { readonly reason: "lost" }>;
  /** No more claims for it; still live. */
  drainWorker(workerKey: number): Promise<void>;
  /** Ends the registration; what it still owned is rescued at once. */
  retireWorker(workerKey: number): Promise<void>;
  /** Leases of all live registrations but one's own. */
  listLeases(exceptWorkerKey: number | null): Promise<readonly LeaseView[]>;
  /** Keys of those whose tasks the end of an aborted or failing run waits for. */
  listAwaited(): Promise<readonly number[]>;
  /**
   * Ends a dead worker's registration and gives back what it owned: started attempts are recorded with reason `worker_lost` (at most 3 a step, then it fails; `onLost: fail` at once),
   * claimed and not started ones return as they were. Expects `renewals` unchanged; answers how many tasks were given back, null if it had renewed meanwhile.
   * Also finds tasks of registrations that are over.
   */
  rescueWorker(workerKey: number, renewals: number): Promise<number | null>;
  listWorkers(): Promise<readonly Worker[]>;
}
