import type { Tx } from "../../driver.js";
import { stepChange } from "../events.js";
import type { OpenRun } from "../run/open-run.js";
import { addFlowCall, admitNextCall } from "./flow-call.js";

interface OutdatedCall {
  readonly key: number;
  readonly id: string;
  readonly attempt: number;
  /** Nothing is left to tell: an earlier call told it, or a later one will. */
  readonly again: boolean | number;
  /** The completed stage that it tells of is open again. */
  readonly reopened: boolean | number;
}

/**
 * Calls that wait to tell of a failure which was taken back by a retry, or handled, since, or of a completed stage which a retry opened again: they are told what is
 * true now, if something is left to be told, else cancelled.
 */
export async function withdrawOutdated(tx: Tx, run: OpenRun): Promise<void> {
  const calls = await tx.all<OutdatedCall>("flow_call.outdated", { runId: run.id });
  let cancelled = false;
  for (const { key, id, attempt, again, reopened } of calls) {
    if (again) {
      await tx.run("step.cancel", { key, error: null });
      run.openCalls -= 1;
      run.changes.push(stepChange({ kind: "flow", id }, "cancelled", attempt));
      cancelled = true;
    } else
      await tx.run("flow_call.retell", {
        key,
        completedStage: reopened ? (run.completedStage ?? "") : null,
        failedStage: run.failedStage ?? "",
      });
  }
  if (cancelled) await admitNextCall(tx, run);
}

/**
 * Completions that the flow was told of only beside a failure which a retry takes back: it may have looked at the failure alone, so it is called for each again.
 * What it asked for then is history, or is repeated.
 */
export async function tellCompletionsAgain(tx: Tx, run: OpenRun): Promise<void> {
  if (run.finalCompleted) return;
  for (const { name } of await tx.all<{ name: string }>("stage.untold", { runId: run.id }))
    await addFlowCall(tx, run, name);
}
