import { maxLosses, problem, retryDelay, type Problem } from "@maxq/core";
import type { Tx } from "../../driver.js";
import type { Outcome } from "../../store/work.js";
import { attemptReason, handBackReason } from "../attempt-reason.js";
import { stepChange } from "../events.js";
import { isEnding, type OpenRun } from "../run/open-run.js";
import { numberRows } from "./number.js";
import { cancelReturned } from "./return-rows.js";
import { releaseDependents } from "./release-dependents.js";
import { endStep, leaveStage, type EndedStep } from "./settle.js";

type AgainReason = "failed" | "timeout" | "not_started" | "worker_lost" | "drain" | "fenced";

/** What follows when a step's process did not succeed: again, or the end of it. */
export async function settleFailure(tx: Tx, run: OpenRun, step: EndedStep, outcome: Outcome): Promise<void> {
  const ending = isEnding(run);
  if (outcome.result === "aborted" || (ending && outcome.result !== "failure"))
    return endAborted(tx, run, step, outcome);
  switch (outcome.result) {
    case "handed_back":
      return startAgain(tx, run, step, outcome, handBackReason(outcome));
    case "lost": {
      const message = `the worker that ran step ${step.id} (attempt ${step.attempt}) was lost`;
      const lost = problem("WORKER_LOST", message, { attempt: step.attempt, losses: step.losses + 1 });
      if (step.onLost === "fail") return fail(tx, run, step, outcome, lost);
      if (step.losses < maxLosses)
        return startAgain(tx, run, step, { ...outcome, problem: lost }, "worker_lost");
      const tooOften = `${message} once too often: ${step.losses + 1} times`;
      return fail(tx, run, step, outcome, { ...lost, message: tooOften });
    }
    case "failure": {
      const reason = outcome.problem ?? problem("STEP_FAILED", `step ${step.id} failed`);
      if (!ending && step.failures < step.maxRetries && !(await stageIsFailing(tx, step)))
        return again(
          tx,
          run,
          step,
          { ...outcome, problem: reason },
          attemptReason(reason.code),
          delayOf(step),
        );
      return fail(tx, run, step, outcome, reason);
    }
    case "success":
      throw new Error("a success is no failure");
  }
}

/** Pending again without a retry used, or cancelled where its stage starts nothing more. */
async function startAgain(
  tx: Tx,
  run: OpenRun,
  step: EndedStep,
  outcome: Outcome,
  reason: "worker_lost" | "drain" | "fenced",
): Promise<void> {
  if (!(await stageIsFailing(tx, step))) return again(tx, run, step, outcome, reason, 0);
  await archiveAttempt(tx, step, outcome, reason);
  await tx.run("step_field.clear", { keys: [step.key] });
  await makePending(tx, run, step, reason, 0);
  await cancelReturned(tx, run, step);
}

function delayOf(step: EndedStep): number {
  return retryDelay(
    { retryDelayMs: step.retryDelayMs, retryBackoff: step.retryBackoff, failures: step.failures + 1 },
    Math.random,
  );
}

/** A stage that fails fast and has a failure starts nothing new, retries included. */
async function stageIsFailing(tx: Tx, step: EndedStep): Promise<boolean> {
  const [row] = await tx.all<{ failing: boolean | number }>("stage.is_failing", { stageKey: step.stageKey });
  return Boolean(row?.failing);
}

async function makePending(
  tx: Tx,
  run: OpenRun,
  step: EndedStep,
  reason: AgainReason,
  delayMs: number,
): Promise<void> {
  await tx.run("step.again", {
    key: step.key,
    attempt: step.attempt,
    delayMs: delayMs > 0 ? delayMs : null,
    failures: reason === "worker_lost" || reason === "drain" || reason === "fenced" ? 0 : 1,
    losses: reason === "worker_lost" ? 1 : 0,
  });
  run.changes.push(stepChange(step, "pending", step.attempt, { reason, ...(delayMs > 0 && { delayMs }) }));
}

/** Archives the attempt and makes the step pending again, at once or when `delayMs` are over. Each attempt starts with no fields. */
async function again(
  tx: Tx,
  run: OpenRun,
  step: EndedStep,
  outcome: Outcome,
  reason: AgainReason,
  delayMs: number,
): Promise<void> {
  await archiveAttempt(tx, step, outcome, reason);
  await tx.run("step_field.clear", { keys: [step.key] });
  await makePending(tx, run, step, reason, delayMs);
  // Under maxParallel a step that waits for its time gives its place away.
  if (delayMs > 0) await leaveStage(tx, run, step, { failed: 0, ended: 0 }, []);
  else await numberRows(tx, run, [{ key: step.key, kind: "step", priority: step.priority }]);
}

/** Keeps what is known of an attempt that is followed by another. */
export async function archiveAttempt(
  tx: Tx,
  step: EndedStep,
  outcome: Outcome,
  reason: string,
): Promise<void> {
  await tx.run("attempt.archive", {
    key: step.key,
    reason,
    status:
      outcome.result === "success" ? "completed" : outcome.result === "handed_back" ? "aborted" : "failed",
    exitCode: outcome.exitCode,
    signal: outcome.signal,
    cpuMs: outcome.cpuMs,
    maxRssBytes: outcome.maxRssBytes,
    durationMs: outcome.durationMs,
    error: outcome.problem === null ? null : JSON.stringify(outcome.problem),
  });
}

async function fail(tx: Tx, run: OpenRun, step: EndedStep, outcome: Outcome, error: Problem): Promise<void> {
  await endStep(tx, step, outcome, "failed", JSON.stringify(error));
  run.changes.push(
    stepChange(step, "failed", step.attempt, {
      exitCode: outcome.exitCode,
      signal: outcome.signal,
      code: error.code,
    }),
  );
  if (step.allowFailure) {
    const ready = await releaseDependents(tx, [step]);
    return leaveStage(tx, run, step, { failed: 0, ended: 1 }, ready);
  }
  const cancelled = await cancelFor(tx, run, step);
  await leaveStage(tx, run, step, { failed: 1, ended: 1 + cancelled }, []);
}

/** Cancels what will never run because of this failure: everything pending in the stage if it fails fast, else the step's dependents. Answers how many. */
async function cancelFor(tx: Tx, run: OpenRun, step: EndedStep): Promise<number> {
  const error = JSON.stringify(
    problem("DEPENDENCY_FAILED", `cancelled because step ${step.id} failed; retry that step or the run`, {
      stepId: step.id,
    }),
  );
  const rows = await tx.all<{ id: string; attempt: number }>("step.cancel_for_failure", {
    key: step.key,
    stageKey: step.stageKey,
    error,
  });
  for (const { id, attempt } of rows)
    run.changes.push(
      stepChange({ kind: "step", id }, "cancelled", attempt, { reason: `step ${step.id} failed` }),
    );
  return rows.length;
}

async function endAborted(tx: Tx, run: OpenRun, step: EndedStep, outcome: Outcome): Promise<void> {
  const error =
    run.control === "fail"
      ? problem("DEPENDENCY_FAILED", `step ${step.id} was terminated because its run failed`)
      : problem("RUN_ABORTED", `step ${step.id} was terminated because its run was aborted`);
  await endStep(tx, step, outcome, "aborted", JSON.stringify(error));
  run.changes.push(
    stepChange(step, "aborted", step.attempt, { exitCode: outcome.exitCode, signal: outcome.signal }),
  );
  await leaveStage(tx, run, step, { failed: 0, ended: 0 }, []);
}
