import { problem } from "@maxq/core";
import type { Driver, Tx } from "../../driver.js";
import { putWord, sweepEnding } from "../run/control.js";
import { isOver, lockRun, saveRun } from "../run/open-run.js";
import { numberRows, type ReadyRow } from "./number.js";
import { admitReady } from "./release-dependents.js";
import { giveBackOfEnded } from "../worker/give-back.js";

/** Rows and runs that one round of timers takes; the next round follows at once. */
const batch = 1000;

/** What one statement says about timers. */
export interface Look {
  /** Ms until the next retry or deadline, negative if it is over; null if none waits. */
  readonly inMs: number | null;
  /** A run is ending, or somebody owns tasks whose registration is over. */
  readonly unfinished: boolean | number;
}

/** Ms until `runTimers` has something to do; null if nothing waits. */
export function untilDue(look: Look): number | null {
  if (look.unfinished) return 0;
  return look.inMs === null ? null : Math.max(0, look.inMs);
}

/** What time alone brings: due retries, deadlines of runs, sweeps that a dead process left unfinished, and claims that committed after their worker's rescue. Answers ms until the next, null if none waits. */
export async function runTimers(driver: Driver): Promise<number | null> {
  const look = await lookAtTimers(driver);
  const ms = untilDue(look);
  if (ms === null || ms > 0) return ms;
  await runDue(driver);
  const next = await lookAtTimers(driver);
  // What is unfinished still waits for others: processes that end, not a time.
  return next.inMs === null ? null : Math.max(0, next.inMs);
}

async function lookAtTimers(driver: Driver): Promise<Look> {
  const [look] = await driver.all<Look>("timer.look");
  return look!;
}

async function runDue(driver: Driver): Promise<void> {
  for (const { runId } of await driver.all<{ runId: string }>("step.runs_with_due", { limit: batch }))
    await driver.transaction((tx) => releaseDue(tx, runId));
  for (const { runId } of await driver.all<{ runId: string }>("run.over_deadline", { limit: batch })) {
    await driver.transaction((tx) => timeOut(tx, runId));
    await sweepEnding(driver, runId);
  }
  for (const { runId } of await driver.all<{ runId: string }>("run.ending", { limit: batch }))
    await sweepEnding(driver, runId);
  await giveBackOfEnded(driver);
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
