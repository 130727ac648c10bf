import type { Json } from "@maxq/core";
import type { Tx } from "../../driver.js";
import type { OpenRun } from "./open-run.js";

/**
 * Sets the run's output. Where a failure callback says it, or what such a one scheduled, the row of the first callback keeps what it was before, as fields that nobody sees:
 * a retry that makes the callbacks history, or takes the last failure back, brings it back. Once no failure stands, what they say changes nothing.
 */
export async function setOutput(tx: Tx, run: OpenRun, output: Json, afterFailure: boolean): Promise<void> {
  if (afterFailure && run.failedStage === null) return;
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

/** After a retry that made failure callbacks history, or took the last failure back, the output that they set is what it was before them. */
export async function restoreOutput(tx: Tx, run: OpenRun): Promise<void> {
  const [kept] = await tx.all<{ before: string }>("flow_call.output_before", { runId: run.id });
  if (kept !== undefined) run.output = JSON.parse(kept.before) as Json;
  await ownOutput(tx, run);
}

/** From here on the run's output is the flow's own: no retry takes it back. */
export async function ownOutput(tx: Tx, run: OpenRun): Promise<void> {
  await tx.run("flow_call.forget_output", { runId: run.id });
}
