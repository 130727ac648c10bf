import { problem, type Json, type Problem, type StagePlan } from "@maxq/core";
import type { Driver, Tx } from "../../driver.js";
import type { FastSchedule } from "../../fast.js";
import type { AttemptRef, Refused } from "../../store/refs.js";
import type { ScheduledStage, StageStore } from "../../store/stages.js";
import { readCaller } from "../data/caller.js";
import { isOver, lockRun, saveRun } from "../run/open-run.js";
import { setOutput } from "../run/output.js";
import { storePlan } from "./store-plan.js";

/** Scheduling over HTTP. */
export function createStageVerbs(driver: Driver, fast: FastSchedule | null): StageStore {
  return {
    scheduleStage: async (runId, plan, caller) =>
      fast !== null && (await fast(runId, plan, caller))
        ? scheduled(plan)
        : driver.transaction((tx) => scheduleStage(tx, runId, plan, caller)),
    hasStage: async (runId, name) => (await driver.all("stage.find", { runId, name })).length > 0,
    noteRefusal: (caller, refusal) => driver.transaction((tx) => note(tx, caller, refusal)),
    finishScheduling: (runId, output, caller) =>
      driver.transaction((tx) => finishScheduling(tx, runId, output, caller)),
  };
}

function scheduled({ stage, steps }: StagePlan): ScheduledStage {
  return {
    reason: "scheduled",
    stage,
    scheduled: steps.length,
    steps: steps.map(({ id, name }) => ({ id, name, status: "pending" })),
  };
}

async function scheduleStage(
  tx: Tx,
  runId: string,
  plan: StagePlan,
  caller: AttemptRef | null,
): Promise<ScheduledStage | Refused> {
  const run = await lockRun(tx, runId);
  if (run === null) return refused(problem("RUN_NOT_FOUND", `there is no run ${runId}`));
  const who = await readCaller(tx, runId, caller);
  if (who.reason === "over") return refused(attemptOver());
  const stored = await storePlan(tx, run, plan, who);
  if (stored.reason === "refused") {
    if (caller !== null) await note(tx, caller, stored.problem);
    return stored;
  }
  if (caller !== null) await note(tx, caller, null);
  if (stored.reason === "scheduled") await saveRun(tx, run);
  return {
    reason: stored.reason,
    stage: plan.stage,
    scheduled: stored.reason === "scheduled" ? stored.steps.length : 0,
    steps: stored.steps,
  };
}

async function finishScheduling(
  tx: Tx,
  runId: string,
  output: Json | undefined,
  caller: AttemptRef | null,
): Promise<{ reason: "final" } | Refused> {
  const run = await lockRun(tx, runId);
  if (run === null) return refused(problem("RUN_NOT_FOUND", `there is no run ${runId}`));
  const who = await readCaller(tx, runId, caller);
  if (who.reason === "over") return refused(attemptOver());
  if (caller !== null) await note(tx, caller, null);
  if (!isOver(run.status)) {
    if (output !== undefined) await setOutput(tx, run, output, who.afterFailure);
    await saveRun(tx, run);
  }
  return { reason: "final" };
}

/** What a flow call asked for last: a refusal stands until something is accepted. */
async function note(tx: Tx, caller: AttemptRef, refusal: Problem | null): Promise<void> {
  await tx.run(refusal === null ? "flow_call.accept" : "flow_call.refuse", {
    key: caller.key,
    attempt: caller.attempt,
    ...(refusal && { refusal: JSON.stringify(refusal) }),
  });
}

function refused(reason: Problem): Refused {
  return { reason: "refused", problem: reason };
}

function attemptOver(): Problem {
  return problem("ATTEMPT_OVER", "the attempt whose token this is has ended: it may not schedule any more");
}
