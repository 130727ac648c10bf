import { problem } from "@maxq/core";
import type { Driver, Tx } from "../../driver.js";
import { putWord, sweepEnding } from "../run/control.js";
import { isOver, lockRun, saveRun } from "../run/open-run.js";
import { numberRows, type ReadyRow } from "./number.js";
import { admitReady } from "./release-dependents.js";
import { giveBackOfEnded } from "../worker/give-back.js";

/** Rows and runs that one round of timers takes; the next round follows at once. */
const batch = 1000;

/** What time alone brings: due retries, deadlines of runs, sweeps that a dead process left unfinished, and claims that committed after their worker's rescue. Answers ms until the next, null if none waits. */
export async function runTimers(driver: Driver): Promise<number | null> {
  for (const { runId } of await driver.all<{ runId: string }>("step.runs_with_due", { limit: batch }))
    await driver.transaction((tx) => releaseDue(tx, runId));
  for (const { runId } of await driver.all<{ runId: string }>("run.over_deadline", { limit: batch })) {
    await driver.transaction((tx) => timeOut(tx, runId));
    await sweepEnding(driver, runId);
  }
  for (const { runId } of await driver.all<{ runId: string }>("run.ending", { limit: batch }))
    await sweepEnding(driver, runId);
  await giveBackOfEnded(driver);
  const [next] = await driver.all<{ inMs: number | null }>("step.next_due");
  return next?.inMs == null ? null : Math.max(0, next.inMs);
}

async function releaseDue(tx: Tx, runId: string): Promise<void> {
  const run = await lockRun(tx, runId);
  if (run === null) return;
  const rows = await tx.all<ReadyRow & { stageKey: number | null; maxParallel: number | null }>(
    "step.take_due",
    { runId },
  );
  await numberRows(
    tx,
    run,
    rows.filter((row) => row.maxParallel === null),
  );
  const bounded = new Map(
    rows.flatMap((row) => (row.maxParallel === null ? [] : [[row.stageKey!, row.maxParallel] as const])),
  );
  for (const [key, maxParallel] of bounded) await admitReady(tx, run, { key, maxParallel }, []);
  await saveRun(tx, run);
}

async function timeOut(tx: Tx, runId: string): Promise<void> {
  const run = await lockRun(tx, runId);
  if (run === null || isOver(run.status) || run.deadlineAt === null) return;
  run.deadlineAt = null;
  const timeout = problem("RUN_TIMEOUT", `the run took longer than its timeoutMs of ${run.timeoutMs}`, {
    timeoutMs: run.timeoutMs,
  });
  await putWord(tx, run, "fail", timeout, "timeout");
  await saveRun(tx, run);
}
