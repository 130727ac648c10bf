import type { LeaseView, WorkerStore } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import { backoffMs } from "../database/backoff.js";
import type { Reachability } from "../database/reachability.js";
import type { Lease } from "../heartbeat/lease.js";
import type { IsProcessAlive } from "../host/process-alive.js";
import type { WorkerInstruments } from "../instruments.js";
import type { WorkerLogger } from "../logger.js";
import type { NextRound } from "../service/periodic.js";
import { Standstill } from "./standstill.js";

/** What rescue works with. */
export interface RescuePorts {
  readonly store: Pick<WorkerStore, "listLeases" | "rescueWorker">;
  readonly clock: Clock;
  readonly logger: WorkerLogger;
  readonly reachability: Reachability;
  /** This worker's own. */
  readonly lease: Lease;
  readonly isProcessAlive: IsProcessAlive;
  /** Whether a launcher goes on without this worker, whose process is gone. */
  readonly isAdoptable: (lease: LeaseView) => boolean;
  /** Whether anybody is helped by its tasks being given back: where no worker is left to start them again, what ended on it may still be recorded when it is back. */
  readonly isAwaited: (lease: LeaseView) => boolean;
  /** Kills what a dead worker of this host left behind, before its tasks are given to others. */
  readonly clearRemains: (lease: LeaseView) => Promise<void>;
  readonly instruments: WorkerInstruments;
  /** Tasks were given back. */
  readonly rescued: () => void;
}

/**
 * Gives back what dead workers own. A worker is dead when its process is gone from this host, and no launcher waits for a successor; or, wherever it ran, when this
 * process has seen its counter stand still for a whole lease. The database's clock is not asked: set forward it would kill the living, set back it would keep the dead.
 */
export class Rescue {
  readonly #ports: RescuePorts;
  readonly #standstill: Standstill;
  #heard: readonly LeaseView[] | null = null;
  #failures = 0;

  constructor(ports: RescuePorts) {
    this.#ports = ports;
    this.#standstill = new Standstill(ports.clock);
  }

  /** The other workers' leases came with a renewal: the next sweep need not ask for them. */
  heard(leases: readonly LeaseView[]): void {
    this.#heard = leases;
  }

  /** One sweep over the other workers' leases. Answers ms until the next, if no renewal brings them sooner. */
  async sweep(): Promise<NextRound> {
    const { store, lease, reachability } = this.#ports;
    try {
      const leases = this.#heard ?? (await store.listLeases(lease.key));
      this.#heard = null;
      reachability.answered();
      this.#standstill.observe(leases);
      for (const other of leases) await this.#consider(other);
      this.#failures = 0;
      return 2 * lease.intervalMs;
    } catch (error) {
      reachability.failed(error, "rescue");
      return backoffMs(this.#failures++);
    }
  }

  async #consider(other: LeaseView): Promise<void> {
    const { store, logger, rescued, clearRemains, isProcessAlive, isAwaited, instruments } = this.#ports;
    const why = this.#whyDead(other);
    if (why === null || !isAwaited(other)) return;
    if (isProcessAlive(other) === false) await clearRemains(other);
    const tasks = await store.rescueWorker(other.workerKey, other.renewals);
    if (tasks === null) return;
    logger.warn({ deadWorker: other.id, why, tasks }, "A dead worker's tasks were given back.");
    instruments.rescued(tasks);
    rescued();
  }

  #whyDead(other: LeaseView): "process_gone" | "lease_lapsed" | null {
    const { lease, isProcessAlive, isAdoptable } = this.#ports;
    if (isProcessAlive(other) === false && !isAdoptable(other)) return "process_gone";
    // Who could not renew cannot tell who else could not, and who died: afterwards those who live renew first.
    const steadyMs = lease.steadyMs();
    if (steadyMs === null || steadyMs < lease.intervalMs) return null;
    return this.#standstill.stoodStillMs(other.workerKey) >= other.leaseMs ? "lease_lapsed" : null;
  }
}
