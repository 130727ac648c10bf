import type { LeaseView, Store } from "@maxq/db";
import { systemClock, type Clock } from "../clock/clock.js";
import { Reachability } from "../database/reachability.js";
import { Lease } from "../heartbeat/lease.js";
import { isProcessAlive, type IsProcessAlive } from "../host/process-alive.js";
import type { WorkerInstruments } from "../instruments.js";
import type { WorkerLogger } from "../logger.js";
import { Periodic, type NextRound } from "../service/periodic.js";
import type { Service } from "../service/service.js";
import { Rescue } from "./rescue.js";

/** What a watch over leases is made of. */
export interface LeaseWatchOptions {
  readonly store: Pick<Store, "listAwaited" | "listLeases" | "rescueWorker" | "runTimers">;
  readonly logger: WorkerLogger;
  readonly instruments: WorkerInstruments;
  /** It looks every sixth of it, as a worker with this lease renews: MAXQ_LEASE_MS. */
  readonly leaseMs: number;
  /** See `WorkerHooks.clearRemains`. */
  readonly clearRemains: (lease: LeaseView) => Promise<void>;
  /** Default: the clock of this process. */
  readonly clock?: Clock;
  /** Default: asks /proc. */
  readonly isProcessAlive?: IsProcessAlive;
}

/**
 * Gives back what workers own whose lease has ended and for whose tasks the end of a run waits, from a process that is no worker: where the last worker died, nobody else
 * would, and an abort would wait for ever. Only leases decide, whichever host a worker died on: its successor and other workers, who can do more for what it ran, come first.
 * What nobody waits for is left as it is: a worker that was only cut off records what ended on it when it is back.
 */
export function createLeaseWatch(options: LeaseWatchOptions): Service {
  const { store, logger, clock = systemClock } = options;
  const reachability = new Reachability(clock, logger, "dead workers are not noticed until it does");
  // Nobody granted it: it tells, as a worker's own does, for how long the database has answered in time.
  const lease = new Lease(options.leaseMs, clock);
  let awaited: readonly number[] = [];
  const rescue = new Rescue({
    ...{ store, clock, logger, reachability, lease },
    instruments: options.instruments,
    isProcessAlive: options.isProcessAlive ?? isProcessAlive,
    isAdoptable: () => true,
    isAwaited: ({ workerKey }) => awaited.includes(workerKey),
    clearRemains: options.clearRemains,
    rescued: () => undefined,
  });
  const look = async (): Promise<NextRound> => {
    const sentAt = clock.now();
    try {
      // It reads what renewals read: a lock that keeps workers from renewing keeps this from being answered.
      await store.runTimers();
      rescue.heard(await store.listLeases(null));
      awaited = await store.listAwaited();
      lease.renewed(sentAt);
      await rescue.sweep();
    } catch (error) {
      reachability.failed(error, "lease watch");
      lease.missed();
    }
    return lease.intervalMs;
  };
  return new Periodic("lease watch", look, clock, logger);
}
