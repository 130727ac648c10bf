import {
  DatabaseUnavailable,
  type LeaseView,
  type Renewed,
  type RunControl,
  type WorkerStore,
} from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import { backoffMs } from "../database/backoff.js";
import type { Reachability } from "../database/reachability.js";
import type { NextRound } from "../service/periodic.js";
import type { Lease } from "./lease.js";

/** What the heartbeat works with, and whom it tells. */
export interface HeartbeatPorts {
  readonly store: Pick<WorkerStore, "renewLease">;
  readonly clock: Clock;
  readonly reachability: Reachability;
  readonly lease: Lease;
  /** Words that stand on runs of which this worker owns tasks. */
  readonly controls: (controls: readonly RunControl[]) => void;
  /** The other workers' leases. */
  readonly others: (leases: readonly LeaseView[]) => void;
  /** A timer is due before the next renewal. */
  readonly due: () => void;
  /** Something waits to be claimed. */
  readonly work: () => void;
  /** The lease was renewed by a request sent at this moment of the clock; `again`: it had lapsed before. `leftMs`: what was left of it when the answer came. */
  readonly renewed: (sentAt: number, again: boolean, leftMs: number) => void;
  /** The lease cannot be relied on any more: nothing may run. Called once for each time. */
  readonly lapsed: () => void;
  /** Somebody else has this worker's tasks: kill everything, and register anew before resolving. */
  readonly lost: () => Promise<void>;
}

/** Renews the lease every sixth of it. The answer says all that an idle worker needs to know, so that it sends nothing else. */
export class Heartbeat {
  readonly #ports: HeartbeatPorts;
  #failures = 0;
  #lapsed = false;

  constructor(ports: HeartbeatPorts) {
    this.#ports = ports;
  }

  /** One renewal. Answers ms until the next: sooner while the database is away. */
  async beat(): Promise<NextRound> {
    const { store, clock, reachability, lease } = this.#ports;
    const sentAt = clock.now();
    try {
      const answer = await store.renewLease(lease.key);
      reachability.answered();
      this.#failures = 0;
      if (answer.reason === "lost") {
        await this.#ports.lost();
      } else {
        const again = !lease.holds();
        const leftMs = lease.remainingMs();
        lease.renewed(sentAt);
        this.#ports.renewed(sentAt, again, leftMs);
        this.#tell(answer);
      }
      this.#lapsed = false;
      return Math.max(0, lease.intervalMs - (clock.now() - sentAt));
    } catch (error) {
      reachability.failed(error, "renewLease");
      // The database answered, with a fault: nothing that trying at once again cures.
      if (!(error instanceof DatabaseUnavailable)) this.#failures = Math.max(this.#failures, 4);
      return this.#afterFailure();
    }
  }

  #tell({ controls, others, dueInMs, work }: Renewed): void {
    this.#ports.controls(controls);
    this.#ports.others(others);
    if (dueInMs !== null && dueInMs <= this.#ports.lease.intervalMs) this.#ports.due();
    if (work) this.#ports.work();
  }

  #afterFailure(): number {
    const { lease } = this.#ports;
    lease.missed();
    const remaining = lease.remainingMs();
    if (remaining <= 0 && !this.#lapsed) {
      this.#lapsed = true;
      this.#ports.lapsed();
    }
    const pause = Math.min(backoffMs(this.#failures++), lease.intervalMs);
    return remaining > 0 ? Math.min(pause, remaining) : pause;
  }
}
