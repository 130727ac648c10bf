import type { Driver, Tx } from "../../driver.js";
import type { LeaseView, NewWorker, WorkerProcess, WorkerStore } from "../../store/workers.js";
import { lockRuns } from "../run/open-run.js";
import { giveBack, giveBackOfEnded } from "./give-back.js";
import { renew } from "./renew.js";

/** Registrations, leases and rescue. A registration's key is the fence of everything that it claims. */
export function createWorkerVerbs(driver: Driver): Omit<WorkerStore, "listWorkers"> {
  return {
    async registerWorker(worker) {
      return driver.transaction((tx) => register(tx, worker));
    },
    succeedWorker: (dead, worker) => driver.transaction((tx) => succeed(tx, dead, worker)),
    renewLease: (workerKey) => renew(driver, workerKey),
    async drainWorker(workerKey) {
      await driver.transaction((tx) => tx.run("worker.drain", { workerKey }));
    },
    async retireWorker(workerKey) {
      await driver.transaction(async (tx) => {
        await tx.run("worker.retire", { workerKey });
        await giveBack(tx, workerKey);
      });
    },
    listAwaited: async () => (await driver.all<{ key: number }>("worker.awaited")).map(({ key }) => key),
    listLeases: (except) => driver.all<LeaseView>("worker.leases", { except: except ?? -1 }),
    async rescueWorker(workerKey, renewals) {
      const tasks = await driver.transaction((tx) => rescue(tx, workerKey, renewals));
      return tasks === null ? null : tasks + (await giveBackOfEnded(driver));
    },
  };
}

async function register(tx: Tx, worker: NewWorker): Promise<number> {
  const [row] = await tx.all<{ key: number }>("worker.register", { ...worker });
  return row!.key;
}

/** Under a key of its own, because a request that the dead process had sent may still be on its way: its fence is over before the tasks change hands. */
async function succeed(tx: Tx, dead: readonly WorkerProcess[], worker: NewWorker): Promise<number | null> {
  for (const { bootId, pid, pidStartedAt } of dead) {
    const [row] = await tx.all<{ key: number; leaseMs: number }>("worker.of_process", {
      bootId,
      pid,
      pidStartedAt,
    });
    if (row === undefined) continue;
    await tx.run("worker.retire", { workerKey: row.key });
    // The launcher goes by the deadline of the old lease until the successor tells it another, which it may die before.
    const key = await register(tx, { ...worker, leaseMs: Math.max(worker.leaseMs, row.leaseMs) });
    const owned = await tx.all<{ runId: string }>("step.of_worker", { workerKey: row.key });
    // What changes steps has their runs' locks.
    await lockRuns(
      tx,
      owned.map(({ runId }) => runId),
    );
    await tx.run("step.hand_on", { from: row.key, to: key });
    return key;
  }
  return null;
}

/** Ends the registration if it has not renewed since, and gives back what it owns. */
async function rescue(tx: Tx, workerKey: number, renewals: number): Promise<number | null> {
  if ((await tx.run("worker.mark_lost", { workerKey, renewals })) === 0) return null;
  return giveBack(tx, workerKey);
}
