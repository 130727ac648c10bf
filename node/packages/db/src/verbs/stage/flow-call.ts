import type { Tx } from "../../driver.js";
import { stepChange } from "../events.js";
import type { OpenRun } from "../run/open-run.js";
import { numberRows, takeNumbers, type ReadyRow } from "../work/number.js";

/** Stores the next call of flow.sh: told that a stage is completed, the run's last one by default, and what the run's row says has failed. Claimable at once if no other call of the run is open. */
export async function addFlowCall(
  tx: Tx,
  run: OpenRun,
  completedStage: string | null = run.completedStage,
): Promise<void> {
  run.calls += 1;
  run.openCalls += 1;
  const id = `flow:${run.calls}`;
  const claimable = run.openCalls === 1 && run.control === null;
  const [row] = await tx.all<{ key: number }>("step.insert_call", {
    runId: run.id,
    id,
    sequence: run.calls - 1,
    priority: run.priority,
    no: claimable ? await takeNumbers(tx, run, "flow", run.priority, 1) : null,
  });
  await tx.run("flow_call.insert", {
    stepKey: row!.key,
    completedStage: completedStage ?? "",
    failedStage: run.failedStage ?? "",
  });
  run.changes.push(stepChange({ kind: "flow", id }, "pending", 0));
}

/** Calls of one run never overlap: where none runs or can be claimed, the oldest that waits becomes claimable. */
export async function admitNextCall(tx: Tx, run: OpenRun): Promise<void> {
  if (run.openCalls === 0) return;
  const [call] = await tx.all<ReadyRow & { admitted: boolean | number }>("step.oldest_open_call", {
    runId: run.id,
  });
  if (call !== undefined && !call.admitted) await numberRows(tx, run, [call]);
}
