import type { Tx } from "../../driver.js";

/** Of rows that one statement takes where a transaction takes whole runs. */
const all = 1_000_000_000;

/** Removes whole runs that this transaction has locked, with everything of them: what has no foreign key first, then the steps, then the runs with all that does have one. */
export async function removeRuns(tx: Tx, runIds: readonly string[]): Promise<void> {
  const keys = await stepKeys(tx, runIds);
  await tx.run("retention.remove_gate_edges", { runIds, limit: all });
  await removeSteps(tx, keys, all);
  await tx.run("retention.remove_events", { runIds, limit: all });
  await tx.run("retention.remove_idempotency", { runIds });
  await tx.run("retention.remove_runs", { runIds });
}

/** Removes what hangs on these steps, then them. At most so many edges go; if that was not enough, the steps are still there. */
export async function removeSteps(tx: Tx, keys: readonly number[], edges: number): Promise<void> {
  if (keys.length === 0) return;
  if ((await tx.run("retention.remove_edges", { keys, limit: edges })) >= edges) return;
  await tx.run("step_field.clear", { keys });
  for (const what of ["attempts", "outputs", "steps"]) await tx.run(`retention.remove_${what}`, { keys });
}

async function stepKeys(tx: Tx, runIds: readonly string[]): Promise<number[]> {
  const steps = await tx.all<{ key: number }>("retention.lock_steps", { runIds });
  return steps.map(({ key }) => key);
}
