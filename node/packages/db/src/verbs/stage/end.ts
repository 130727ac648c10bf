import { problem, type Json, type Problem } from "@maxq/core";
import type { Tx } from "../../driver.js";
import { stageChange, stepChange } from "../events.js";
import { isEnding, setFirstError, type OpenRun } from "../run/open-run.js";
import { ownOutput, setOutput } from "../run/output.js";
import { addFlowCall } from "./flow-call.js";
import { withdrawOutdated } from "./tell-anew.js";

/** A stage's row after a change of its counters. */
export interface OpenStage {
  readonly key: number;
  readonly name: string;
  readonly status: "pending" | "running" | "completed" | "failed" | "aborted";
  readonly final: boolean | number;
  readonly failFast: boolean | number;
  readonly recover: boolean | number;
  readonly superseded: number;
  readonly maxParallel: number | null;
  readonly openSteps: number;
  readonly failedSteps: number;
  readonly afterFailure: boolean | number;
  readonly output: string | null;
}

/**
 * What follows when the last step of a stage has ended: it completes or fails, the run remembers it, and the flow is called back,
 * unless the stage was a final one that completed. A completed `recover` stage handles every failure so far.
 */
export async function endStage(tx: Tx, run: OpenRun, stage: OpenStage): Promise<void> {
  const failed = stage.failedSteps > 0;
  const status = failed ? "failed" : "completed";
  if ((await tx.run("stage.end", { stageKey: stage.key, status })) === 0) return;
  run.openStages -= 1;
  run.changes.push(stageChange(stage.name, status));
  if (stage.superseded > 0) return;
  if (failed) await noteFailure(tx, run, stage);
  else await noteCompletion(tx, run, stage);
  if (!run.finalCompleted) await addFlowCall(tx, run);
}

async function noteFailure(tx: Tx, run: OpenRun, stage: OpenStage): Promise<void> {
  run.failedStage = stage.name;
  // A clean-up may have a final stage while a retry runs the flow's own again.
  if (stage.final) run.finalStage = (await tx.all("stage.standing_final", { runId: run.id })).length > 0;
  await setFirstError(tx, run, await failureOf(tx, stage), "step_failed");
}

/** Why a stage failed: what the first of its steps failed for. */
async function failureOf(tx: Tx, stage: Pick<OpenStage, "key" | "name">): Promise<Problem> {
  const [first] = await tx.all<{ id: string; name: string; error: string | null }>("stage.first_failure", {
    stageKey: stage.key,
  });
  const cause = first?.error == null ? null : (JSON.parse(first.error) as Problem);
  const message =
    first === undefined
      ? `stage ${stage.name} failed`
      : `stage ${stage.name} failed: step ${first.id}: ${cause?.message ?? "failed"}`;
  const details = { stage: stage.name, ...(first && { stepId: first.id }), ...cause?.details };
  return problem(cause?.code ?? "STEP_FAILED", message, details);
}

/** After a retry the run's error is the first failure that still stands, if one does. */
export async function renewError(tx: Tx, run: OpenRun): Promise<void> {
  const [stage] = await tx.all<Pick<OpenStage, "key" | "name">>("stage.standing_failure", { runId: run.id });
  run.error = stage === undefined ? null : await failureOf(tx, stage);
  run.terminationReason = stage === undefined ? null : "step_failed";
}

async function noteCompletion(tx: Tx, run: OpenRun, stage: OpenStage): Promise<void> {
  run.completedStage = stage.name;
  const recovers = Boolean(stage.recover) && run.failedStage !== null;
  if (recovers) {
    await tx.run("stage.handle_failures", { runId: run.id });
    await ownOutput(tx, run);
    run.failedStage = null;
    // What ends the run in spite of that keeps its reason: its deadline, an abort, a failed call.
    if (!isEnding(run)) {
      run.error = null;
      run.terminationReason = null;
    }
    await withdrawOutdated(tx, run);
  }
  if (!stage.final) return;
  run.finalCompleted = true;
  if (stage.output !== null)
    await setOutput(tx, run, JSON.parse(stage.output) as Json, Boolean(stage.afterFailure) && !recovers);
  // After a completed final stage no more calls are made.
  const cancelled = await tx.all<{ id: string; attempt: number }>("step.cancel_pending_calls", {
    runId: run.id,
  });
  for (const { id, attempt } of cancelled) {
    run.openCalls -= 1;
    run.changes.push(stepChange({ kind: "flow", id }, "cancelled", attempt));
  }
}
