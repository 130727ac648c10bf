import { problem } from "@maxq/core";
import type { Tx } from "../../driver.js";
import { stepChange } from "../events.js";
import type { OpenRun } from "../run/open-run.js";
import { numberRows, type ReadyRow } from "./number.js";
import { leaveStage } from "./settle.js";

/** A row that was claimed and never started, pending again. */
export interface ReturnedRow extends ReadyRow {
  readonly id: string;
  readonly runId: string;
  readonly stageKey: number | null;
  readonly attempt: number;
  /** Its stage starts nothing more. */
  readonly failing: boolean | number;
}

/** Lets returned rows of one run be claimed again; those of a failing stage are cancelled, as the pending ones were. */
export async function returnRows(tx: Tx, run: OpenRun, rows: readonly ReturnedRow[]): Promise<void> {
  run.active -= rows.length;
  await numberRows(
    tx,
    run,
    rows.filter((row) => !row.failing),
  );
  for (const row of rows) {
    run.changes.push(stepChange(row, "pending", row.attempt, { reason: "released" }));
    if (row.failing) await cancelReturned(tx, run, row);
  }
}

/** Cancels a row that would be pending again, because its stage starts nothing more. */
export async function cancelReturned(
  tx: Tx,
  run: OpenRun,
  row: Pick<ReturnedRow, "key" | "kind" | "id" | "stageKey" | "attempt">,
): Promise<void> {
  const error = problem(
    "DEPENDENCY_FAILED",
    "cancelled because another step of its stage failed; retry that step or the run",
  );
  if ((await tx.run("step.cancel", { key: row.key, error: JSON.stringify(error) })) === 0) return;
  run.changes.push(stepChange(row, "cancelled", row.attempt));
  await leaveStage(tx, run, row, { failed: 0, ended: 1 }, []);
}
