import type { Json, RunEvent } from "@maxq/core";
import type { Tx } from "../driver.js";

/** A change of state or a log line, before it has its number. */
export type Change = Pick<RunEvent, "type" | "data">;

/**
 * Appends changes to the run's stream, as one row of this transaction, and wakes those who watch the run.
 * The run's row hands the number out and stays locked through the commit, so numbers are commit order.
 */
export async function recordChanges(tx: Tx, runId: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.run("event.append", { runId, body: JSON.stringify(changes) });
  tx.wake({ reason: "run", runId });
}

/** A change of the run itself. */
export function runChange(data: { [key: string]: Json }): Change {
  return { type: "run", data };
}

/** A change of a stage. */
export function stageChange(name: string, status: string, more: { [key: string]: Json } = {}): Change {
  return { type: "stage", data: { name, status, ...more } };
}

/** A change of a step, or of a flow call. */
export function stepChange(
  step: { readonly kind: "step" | "flow"; readonly id: string },
  status: string,
  attempt: number,
  more: { [key: string]: Json } = {},
): Change {
  return { type: step.kind, data: { id: step.id, status, attempt, ...more } };
}
