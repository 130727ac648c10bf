import type { Driver, Tx } from "../../driver.js";
import type { Outcome } from "../../store/work.js";
import { lockRuns, saveRun } from "../run/open-run.js";
import type { ReadyRow } from "../work/number.js";
import { returnRows, type ReturnedRow } from "../work/return-rows.js";
import { settleOutcomes } from "../work/settle.js";

interface OwnedRow extends ReadyRow {
  readonly runId: string;
  readonly stageKey: number | null;
  readonly attempt: number;
  readonly started: boolean | number;
}

/** Started attempts are lost ones; what was only claimed returns as it was, under a greater attempt number, because nobody can say that it was not started. */
export async function giveBack(tx: Tx, workerKey: number): Promise<number> {
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

/** Gives back what registrations that are over still own: of a claim that committed after its worker's rescue. One transaction each, or runs would not be locked in one order. */
export async function giveBackOfEnded(driver: Driver): Promise<number> {
  let count = 0;
  for (const { key } of await driver.all<{ key: number }>("worker.over_with_tasks"))
    count += await driver.transaction((tx) => giveBack(tx, key));
  return count;
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
