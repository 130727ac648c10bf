import { problem, type Problem, type Step } from "@maxq/core";
import type { Driver, Tx } from "../../driver.js";
import type { Refused } from "../../store/refs.js";
import type { RunStore } from "../../store/runs.js";
import { runChange, stageChange, stepChange } from "../events.js";
import { endStage, renewError, type OpenStage } from "../stage/end.js";
import { tellCompletionsAgain, withdrawOutdated } from "../stage/tell-anew.js";
import { readStep } from "../read/read-step.js";
import { stepIsHistory } from "../refusal.js";
import { isEnding, isOver, lockRun, noteStarted, saveRun, type OpenRun } from "./open-run.js";
import { notFound, numberParked, refused, seen } from "./control.js";
import { restoreOutput } from "./output.js";

/** Retry in place, of a run and of one step. */
export function createRetryVerbs(driver: Driver): Pick<RunStore, "retryRun" | "retryStep"> {
  return {
    async retryRun(runId) {
      const answer = await driver.transaction((tx) => seen(tx, runId, retryRun));
      return "reason" in answer ? answer : { reason: "retried", ...answer };
    },
    async retryStep(runId, stepId, cascade) {
      const answer = await driver.transaction((tx) => retryStep(tx, runId, stepId, cascade));
      return "cascadedSteps" in answer ? { reason: "retried", ...answer } : answer;
    },
  };
}

async function retryRun(tx: Tx, runId: string): Promise<Refused | null> {
  const run = await lockRun(tx, runId);
  if (run === null) return notFound(runId);
  if (run.status !== "failed" && run.status !== "aborted")
    return refused(
      isEnding(run)
        ? notOver(run)
        : problem(
            "STATE_CONFLICT",
            `run ${runId} is ${run.status}: only failed and aborted runs can be retried`,
            { status: run.status },
          ),
    );
  await supersede(tx, run);
  const rows = await tx.all<ResetRow>("step.unfinished", { runId });
  await resetSteps(tx, run, rows);
  await goOn(tx, run);
  return null;
}

function notOver(run: OpenRun): Problem {
  return problem(
    "RUN_NOT_OVER",
    `run ${run.id} is ending, but a process of it is still alive: retry when its status is final`,
    { status: run.status },
  );
}

interface ResetRow {
  readonly key: number;
  readonly id: string;
  readonly kind: "step" | "flow";
  readonly attempt: number;
}

/** Failure callbacks and the stages that they scheduled become history: not run again, and no bar to the flow's own later stages. */
async function supersede(tx: Tx, run: OpenRun): Promise<void> {
  run.retries += 1;
  const by = { runId: run.id, retry: run.retries };
  await tx.run("step.supersede_stages", by);
  await tx.run("stage.supersede", by);
  await tx.run("step.supersede_calls", by);
  await restoreOutput(tx, run);
}

/** Archives what each row shows and makes it pending, with its retries counted anew, without fields, and a call without what it asked for. */
async function resetSteps(tx: Tx, run: OpenRun, rows: readonly ResetRow[]): Promise<void> {
  if (rows.length === 0) return;
  const keys = rows.map((row) => row.key);
  await tx.run("attempt.archive_ended", { keys });
  await tx.run("step_field.clear", { keys });
  await tx.run("step.reset", { keys });
  await tx.run("flow_call.reset_requests", { keys });
  for (const row of rows) run.changes.push(stepChange(row, "pending", row.attempt, { reason: "retry" }));
}

/** Stages that have something to do again are open again, which the stream tells. */
async function reopenStages(tx: Tx, run: OpenRun): Promise<void> {
  const statuses = () => tx.all<{ name: string; status: string }>("stage.statuses", { runId: run.id });
  const before = new Map((await statuses()).map((stage) => [stage.name, stage.status]));
  await tx.run("stage.reopen", { runId: run.id });
  for (const { name, status } of await statuses()) {
    if (before.get(name) !== status) run.changes.push(stageChange(name, status, { reason: "retry" }));
  }
}

/** Counts everything of the run anew from its rows and lets it go on. */
async function goOn(tx: Tx, run: OpenRun): Promise<void> {
  await tx.run("gate.recount", { runId: run.id });
  await tx.run("step.recount_deps", { runId: run.id });
  await reopenStages(tx, run);
  const [count] = await tx.all<{
    openStages: number;
    openCalls: number;
    active: number;
    finalStage: boolean | number;
    finalCompleted: boolean | number;
    completedStage: string | null;
    failedStage: string | null;
  }>("run.recount", { runId: run.id });
  run.openStages = count!.openStages;
  run.openCalls = count!.openCalls;
  run.finalStage = Boolean(count!.finalStage);
  run.finalCompleted = Boolean(count!.finalCompleted);
  run.completedStage = count!.completedStage;
  run.failedStage = count!.failedStage;
  if (run.failedStage === null) await restoreOutput(tx, run);
  if (isOver(run.status)) {
    run.status = "pending";
    if (run.startedAt !== null) noteStarted(run);
    else run.changes.push(runChange({ status: "pending" }));
    run.control = null;
    if (run.timeoutMs !== null) await tx.run("run.renew_deadline", { runId: run.id });
    const [deadline] = await tx.all<{ deadlineAt: number | null }>("run.get_deadline", { runId: run.id });
    run.deadlineAt = deadline?.deadlineAt ?? null;
  }
  await withdrawOutdated(tx, run);
  await tellCompletionsAgain(tx, run);
  await renewError(tx, run);
  // An abort cut these off with nothing left to do in them: their end is made up for.
  for (const stage of await tx.all<OpenStage>("stage.to_end", { runId: run.id }))
    await endStage(tx, run, stage);
  await numberParked(tx, run);
  await saveRun(tx, run);
}

async function retryStep(
  tx: Tx,
  runId: string,
  stepId: string,
  cascade: boolean,
): Promise<Refused | { step: Step; cascadedSteps: string[] }> {
  const run = await lockRun(tx, runId);
  if (run === null) return notFound(runId);
  const [step] = await tx.all<
    ResetRow & { stageKey: number; status: string; superseded: number; afterFailure: boolean | number }
  >("step.to_retry", { runId, stepId });
  if (step === undefined) return refused(problem("STEP_NOT_FOUND", `run ${runId} has no step ${stepId}`));
  if (step.superseded > 0) return stepIsHistory(stepId);
  if (step.status !== "failed" && step.status !== "cancelled" && step.status !== "aborted")
    return refused(
      problem(
        "STEP_NOT_OVER",
        `step ${stepId} is ${step.status}: only failed, cancelled and aborted steps can be retried`,
        { status: step.status },
      ),
    );
  if (isEnding(run)) return refused(notOver(run));
  const dependents = cascade
    ? await tx.all<ResetRow & { status: string }>("step.transitive_dependents", { key: step.key })
    : [];
  const busy = dependents.find((row) => row.status === "running");
  if (busy !== undefined)
    return refused(
      problem("STATE_CONFLICT", `step ${busy.id} depends on ${stepId} and is running: wait for its end`, {
        stepId: busy.id,
      }),
    );
  const all = [step, ...dependents.filter((row) => row.status !== "pending")];
  const vain = await neverSatisfied(tx, step.stageKey, all);
  if (vain.has(step.key))
    return refused(
      problem(
        "STATE_CONFLICT",
        `step ${stepId} depends on a step that failed and would wait for it for ever: retry that one, or the run`,
        { stepId },
      ),
    );
  // The step of a failure callback's stage goes on as it is: history cannot.
  if (isOver(run.status) && !step.afterFailure) await supersede(tx, run);
  const rows = all.filter((row) => !vain.has(row.key));
  await tx.run("stage.unhandle", { keys: rows.map((row) => row.key) });
  await resetSteps(tx, run, rows);
  await resetCancelled(tx, run);
  await goOn(tx, run);
  return {
    // As it is by this retry: once that has committed, it may run, and even have ended.
    step: (await readStep(tx, runId, stepId)) as Step,
    cascadedSteps: rows.filter((row) => row !== step).map((row) => row.id),
  };
}

/** Keys of the steps that another failure of their stage keeps from ever running: they stay cancelled. */
async function neverSatisfied(tx: Tx, stageKey: number, rows: readonly ResetRow[]): Promise<Set<number>> {
  const keys = rows.map((row) => row.key);
  const vain = await tx.all<{ key: number }>("step.never_satisfied", { stageKey, keys });
  return new Set(vain.map((row) => row.key));
}

/** What was cancelled by a failure that is no more is pending again: else its stage could never complete. */
async function resetCancelled(tx: Tx, run: OpenRun): Promise<void> {
  await resetSteps(tx, run, await tx.all<ResetRow>("step.cancelled_without_cause", { runId: run.id }));
}
