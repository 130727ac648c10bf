import type { Json } from "@maxq/core";
import type { Tx } from "../../driver.js";
import type { OpenRun } from "./open-run.js";

/**
 * Sets the run's output. Where a failure callback says it, or what such a one scheduled, the row of the first callback keeps what it was before, as fields that nobody sees:
 * a retry that makes the callbacks history brings it back.
 */
export async function setOutput(tx: Tx, run: OpenRun, output: Json, afterFailure: boolean): Promise<void> {
  if (afterFailure) await keepOutput(tx, run, JSON.stringify(output));
  run.output = output;
}

async function keepOutput(tx: Tx, run: OpenRun, output: string): Promise<void> {
  const [callback] = await tx.all<{ key: number; set: string | null; current: string }>(
    "flow_call.kept_output",
    { runId: run.id },
  );
  if (callback === undefined) return;
  const before = run.output === undefined ? callback.current : JSON.stringify(run.output);
  const rows = [{ key: callback.key, name: "output", value: output }];
  if (callback.set !== before) rows.push({ key: callback.key, name: "before", value: before });
  await tx.run("step_field.merge", { rows: JSON.stringify(rows) });
}

/** After a retry that made failure callbacks history, the output that they set is what it was before them. */
export async function restoreOutput(tx: Tx, run: OpenRun): Promise<void> {
  const [kept] = await tx.all<{ before: string }>("flow_call.superseded_output", {
    runId: run.id,
    retry: run.retries,
  });
  if (kept !== undefined) run.output = JSON.parse(kept.before) as Json;
}
