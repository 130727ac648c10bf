import type { Tx } from "../../driver.js";
import { stepChange } from "../events.js";
import type { OpenRun } from "../run/open-run.js";
import { numberRows, takeNumbers, type ReadyRow } from "../work/number.js";

/** Stores the next call of flow.sh: told what the run's row says is completed and failed. Claimable at once if no other call of the run is open. */
export async function addFlowCall(tx: Tx, run: OpenRun): Promise<void> {
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
    completedStage: run.completedStage ?? "",
    failedStage: run.failedStage ?? "",
  });
  run.changes.push(stepChange({ kind: "flow", id }, "pending", 0));
}

/** Calls of one run never overlap: when one has ended, the oldest that waits becomes claimable. */
export async function admitNextCall(tx: Tx, run: OpenRun): Promise<void> {
  if (run.openCalls === 0) return;
  const [next] = await tx.all<ReadyRow>("step.next_call", { runId: run.id });
  if (next !== undefined) await numberRows(tx, run, [next]);
}
