import type { Driver, Tx } from "../../driver.js";
import type { Outcome } from "../../store/work.js";
import type { LeaseView, WorkerStore } from "../../store/workers.js";
import type { RunControl } from "../../store/work.js";
import { lockRuns, saveRun } from "../run/open-run.js";
import type { ReadyRow } from "../work/number.js";
import { returnRows, type ReturnedRow } from "../work/return-rows.js";
import { settleOutcomes } from "../work/settle.js";

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
    rescueWorker: (workerKey, renewals) => driver.transaction((tx) => rescue(tx, workerKey, renewals)),
  };
}

/** Ends the registration if it has not renewed since, then gives back what it, and any other registration that is over, still owns. */
async function rescue(tx: Tx, workerKey: number, renewals: number): Promise<number | null> {
  if ((await tx.run("worker.mark_lost", { workerKey, renewals })) === 0) return null;
  let count = await giveBack(tx, workerKey);
  for (const { key } of await tx.all<{ key: number }>("worker.over_with_tasks"))
    count += await giveBack(tx, key);
  return count;
}

interface OwnedRow extends ReadyRow {
  readonly runId: string;
  readonly stageKey: number | null;
  readonly attempt: number;
  readonly started: boolean | number;
}

/** Started attempts are lost ones; what was only claimed returns as it was, under a greater attempt number, because nobody can say that it was not started. */
async function giveBack(tx: Tx, workerKey: number): Promise<number> {
  const owned = await tx.all<OwnedRow>("step.of_worker", { workerKey });
  if (owned.length === 0) return 0;
  const runs = await lockRuns(
    tx,
    owned.map((row) => row.runId),
  );
  const unstarted = owned.filter((row) => !row.started);
  for (const run of runs.values()) {
    const mine = unstarted.filter((row) => row.runId === run.id);
    if (mine.length === 0) continue;
    const keys = mine.map((row) => row.key);
    await returnRows(tx, run, await tx.all<ReturnedRow>("step.unclaim", { workerKey, keys }));
    await saveRun(tx, run);
  }
  await settleOutcomes(tx, workerKey, owned.filter((row) => row.started).map(lostOutcome));
  return owned.length;
}

function lostOutcome(row: OwnedRow): Outcome {
  return {
    key: row.key,
    attempt: row.attempt,
    kind: row.kind,
    runId: row.runId,
    stageKey: row.stageKey,
    result: "lost",
    killedBy: null,
    exitCode: null,
    signal: null,
    problem: null,
    durationMs: 0,
    cpuMs: null,
    maxRssBytes: null,
    output: null,
    fields: null,
    warnings: [],
    document: null,
  };
}
