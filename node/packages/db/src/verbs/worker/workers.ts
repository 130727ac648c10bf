import type { Driver, Tx } from "../../driver.js";
import type { LeaseView, WorkerStore } from "../../store/workers.js";
import type { RunControl } from "../../store/work.js";
import { giveBack, giveBackOfEnded } from "./give-back.js";

/** Registrations, leases and rescue. A registration's key is the fence of everything that it claims. */
export function createWorkerVerbs(driver: Driver): Omit<WorkerStore, "listWorkers"> {
  return {
    async registerWorker(worker) {
      const [row] = await driver.transaction((tx) =>
        tx.all<{ key: number }>("worker.register", { ...worker }),
      );
      return row!.key;
    },
    renewLease: (workerKey) =>
      driver.transaction(async (tx) => {
        if ((await tx.run("worker.renew", { workerKey })) === 0) return { reason: "lost" };
        return { reason: "renewed", controls: await tx.all<RunControl>("worker.controls", { workerKey }) };
      }),
    async drainWorker(workerKey) {
      await driver.transaction((tx) => tx.run("worker.drain", { workerKey }));
    },
    async retireWorker(workerKey) {
      await driver.transaction(async (tx) => {
        await tx.run("worker.retire", { workerKey });
        await giveBack(tx, workerKey);
      });
    },
    listLeases: async (except) =>
      (
        await driver.all<Omit<LeaseView, "lapsed"> & { lapsed: boolean | number }>("worker.leases", {
          except: except ?? -1,
        })
      ).map((row) => ({
        ...row,
        lapsed: Boolean(row.lapsed),
      })),
    async rescueWorker(workerKey, renewals) {
      const tasks = await driver.transaction((tx) => rescue(tx, workerKey, renewals));
      return tasks === null ? null : tasks + (await giveBackOfEnded(driver));
    },
  };
}

/** Ends the registration if it has not renewed since, and gives back what it owns. */
async function rescue(tx: Tx, workerKey: number, renewals: number): Promise<number | null> {
  if ((await tx.run("worker.mark_lost", { workerKey, renewals })) === 0) return null;
  return giveBack(tx, workerKey);
}
