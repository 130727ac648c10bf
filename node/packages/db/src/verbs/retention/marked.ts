import type { Driver, Tx } from "../../driver.js";
import { removeSteps } from "./remove-runs.js";

/** Rows that hang on one step, about. */
const rowsOfStep = 5;

/** Artifacts that one transaction takes: each may have megabytes. */
const someArtifacts = 20;

/**
 * Begins the removal of a run with more rows than one transaction should take. Without its row in `run_detail` it cannot be found by its id, created before all time it is in no
 * list: from here on nothing of it is seen, whenever the rest goes. The run must be locked.
 */
export async function markRun(tx: Tx, runId: string): Promise<void> {
  await tx.run("retention.mark", { runId });
  await tx.run("retention.remove_metadata", { runId });
  await tx.run("retention.remove_idempotency", { runIds: [runId] });
  await tx.run("retention.remove_detail", { runId });
}

/** One piece of any run that is marked; false if there is none, or somebody else is at it. */
export async function removeMarked(driver: Driver, rows: number): Promise<boolean> {
  const [run] = await driver.all<{ id: string }>("retention.marked");
  return run !== undefined && (await removePiece(driver, run.id, rows));
}

/** One piece of a marked run, in a transaction of about so many rows; false if it is gone, or somebody else is at it. */
export function removePiece(driver: Driver, runId: string, rows: number): Promise<boolean> {
  return driver.transaction(async (tx) => {
    const locked = await tx.all("retention.lock_marked", { runId });
    if (locked.length === 0) return false;
    await removeSome(tx, runId, rows);
    return true;
  });
}

/** The first kind of row that is left, in an order in which what remains is whole in itself: `maxq verify` has nothing to say between two pieces. */
async function removeSome(tx: Tx, runId: string, rows: number): Promise<void> {
  if ((await tx.run("retention.remove_gate_edges", { runIds: [runId], limit: rows })) > 0) return;
  const limit = Math.max(1, Math.floor(rows / rowsOfStep));
  const steps = await tx.all<{ key: number }>("retention.some_steps", { runId, limit });
  await removeSteps(
    tx,
    steps.map(({ key }) => key),
    rows,
  );
  if (steps.length > 0) return;
  if ((await tx.run("retention.remove_stages", { runId, limit })) > 0) return;
  if ((await tx.run("retention.remove_events", { runIds: [runId], limit: rows })) > 0) return;
  if ((await tx.run("retention.remove_logs", { runId, limit: rows })) > 0) return;
  if ((await tx.run("retention.remove_artifacts", { runId, limit: someArtifacts })) > 0) return;
  await tx.run("retention.remove_runs", { runIds: [runId] });
}
