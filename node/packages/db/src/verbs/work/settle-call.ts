import { maxLosses, problem, type FlowDocument, type Problem } from "@maxq/core";
import type { Tx } from "../../driver.js";
import type { Outcome } from "../../store/work.js";
import { handBackReason } from "../attempt-reason.js";
import { stepChange } from "../events.js";
import { putWord } from "../run/control.js";
import { isEnding, type OpenRun } from "../run/open-run.js";
import { setOutput } from "../run/output.js";
import { admitNextCall } from "../stage/flow-call.js";
import { storePlan } from "../stage/store-plan.js";
import { numberRows } from "./number.js";
import { archiveAttempt } from "./settle-failure.js";
import { endStep, type EndedStep } from "./settle.js";

interface CallRow {
  readonly completedStage: string;
  readonly failedStage: string;
  readonly accepted: boolean | number;
  readonly refusal: string | null;
  readonly afterFailure: boolean | number;
}

/** What follows when flow.sh has ended: what it asked for is stored with its exit 0, or the run fails. */
export async function settleCall(tx: Tx, run: OpenRun, step: EndedStep, outcome: Outcome): Promise<void> {
  const ending = isEnding(run);
  if (outcome.result === "aborted" || (ending && outcome.result !== "success"))
    return close(tx, run, step, outcome, "aborted", null);
  if (outcome.result === "handed_back") return again(tx, run, step, outcome, handBackReason(outcome));
  if (outcome.result === "lost") {
    const lost = problem(
      "WORKER_LOST",
      `the worker that ran flow call ${step.id} (attempt ${step.attempt}) was lost`,
      { attempt: step.attempt },
    );
    if (step.losses < maxLosses) return again(tx, run, step, { ...outcome, problem: lost }, "worker_lost");
    return failCall(tx, run, step, outcome, lost);
  }
  if (outcome.result === "failure") {
    const error = outcome.problem ?? problem("FLOW_FAILED", `flow call ${step.id} failed`);
    return failCall(tx, run, step, outcome, error);
  }
  if (ending)
    return close(
      tx,
      run,
      step,
      outcome,
      (await asksInVain(tx, step, outcome)) ? "aborted" : "completed",
      null,
    );
  const refusal = await applyRequest(tx, run, step, outcome.document ?? { reason: "none" });
  if (refusal !== null) return failCall(tx, run, step, outcome, refusal);
  await close(tx, run, step, outcome, "completed", null);
}

/** Nothing is stored in a run that ends. A call that asks for something all the same counts as aborted: a retry calls it again, and what it asks for is not lost. */
async function asksInVain(tx: Tx, step: EndedStep, { document }: Outcome): Promise<boolean> {
  const { accepted, refusal } = await readCall(tx, step);
  return refusal !== null || (!accepted && document !== null && document.reason !== "none");
}

/** Was the failure that this call was told of taken back by a step's retry, while it ran? Then neither its own failure nor what it asks for in vain ends anything. */
async function isTakenBack(tx: Tx, run: OpenRun, step: EndedStep): Promise<boolean> {
  const { failedStage } = await readCall(tx, step);
  if (failedStage === "") return false;
  const stages = await tx.all<{ name: string; status: string }>("stage.statuses", { runId: run.id });
  return stages.some(({ name, status }) => name === failedStage && status !== "failed");
}

/** Requests made over HTTP speak for the call, then its document. Answers why the run fails, or null. */
async function applyRequest(
  tx: Tx,
  run: OpenRun,
  step: EndedStep,
  document: FlowDocument,
): Promise<Problem | null> {
  const call = await readCall(tx, step);
  if (call.refusal !== null) return JSON.parse(call.refusal) as Problem;
  if (call.accepted) return null;
  switch (document.reason) {
    case "none":
      return null;
    case "invalid":
      return document.problem;
    case "final":
      if (document.output !== undefined)
        await setOutput(tx, run, document.output, Boolean(call.afterFailure));
      return null;
    case "stage": {
      const stored = await storePlan(tx, run, document.plan, {
        afterFailure: Boolean(call.afterFailure),
        scheduledBy: null,
      });
      return stored.reason === "refused" ? stored.problem : null;
    }
  }
}

async function readCall(tx: Tx, step: EndedStep): Promise<CallRow> {
  const [call] = await tx.all<CallRow>("flow_call.get", { stepKey: step.key });
  if (call === undefined) throw new Error(`flow call without its row: ${step.id}`);
  return call;
}

async function failCall(
  tx: Tx,
  run: OpenRun,
  step: EndedStep,
  outcome: Outcome,
  error: Problem,
): Promise<void> {
  const takenBack = await isTakenBack(tx, run, step);
  await close(tx, run, step, outcome, "failed", error);
  if (!takenBack) await putWord(tx, run, "fail", error, "flow_failed");
}

async function close(
  tx: Tx,
  run: OpenRun,
  step: EndedStep,
  outcome: Outcome,
  status: "completed" | "failed" | "aborted",
  error: Problem | null,
): Promise<void> {
  await endStep(tx, step, outcome, status, error === null ? null : JSON.stringify(error));
  run.openCalls -= 1;
  run.changes.push(
    stepChange(step, status, step.attempt, { exitCode: outcome.exitCode, signal: outcome.signal }),
  );
  await admitNextCall(tx, run);
}

async function again(
  tx: Tx,
  run: OpenRun,
  step: EndedStep,
  outcome: Outcome,
  reason: "drain" | "fenced" | "worker_lost",
): Promise<void> {
  await archiveAttempt(tx, step, outcome, reason);
  await tx.run("flow_call.clear_refusal", { stepKey: step.key });
  await tx.run("step.again", {
    key: step.key,
    attempt: step.attempt,
    delayMs: null,
    failures: 0,
    losses: reason === "worker_lost" ? 1 : 0,
  });
  run.changes.push(stepChange(step, "pending", step.attempt, { reason }));
  await numberRows(tx, run, [{ key: step.key, kind: "flow", priority: step.priority }]);
}
