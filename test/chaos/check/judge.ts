import { stepsOf } from "../load/plan.js";
import type { LoadedRun } from "../load/load.js";
import { expected, type StageExpectation } from "./model.js";
import type { RunRow, StepRow } from "./rows.js";

/** A rule that was broken, with what shows it. */
export interface Violation {
  readonly rule: string;
  readonly runId: string | null;
  readonly text: string;
}

const over = ["completed", "failed", "aborted"];

/** Attempts of it were lost with their workers so often that it failed, as it should. */
export function lostTooOften({ status, error }: StepRow): boolean {
  return status === "failed" && (error ?? "").includes("WORKER_LOST");
}

/** What is wrong with how a run ended, by the model. */
export function judgeEnd(run: LoadedRun, row: RunRow | undefined): Violation[] {
  const found: Violation[] = [];
  const wrong = (rule: string, text: string): void => void found.push({ rule, runId: run.id, text });
  if (row === undefined) {
    wrong("lost run", "it was accepted, and the database does not know it");
    return found;
  }
  if (!over.includes(row.status)) wrong("hang", `the run is ${row.status}`);
  for (const { id, status } of row.steps)
    if (status === "pending" || status === "running") wrong("hang", `${id} is ${status}`);
  const aborted = row.status === "aborted";
  if (run.abortAnswer !== null && aborted !== run.abortAnswer < 300)
    wrong("abort", `it was answered ${run.abortAnswer}, and the run is ${row.status}`);
  if (aborted && run.abortAnswer === null) wrong("abort", "the run is aborted, and nobody aborted it");
  if (!aborted && !row.steps.some(lostTooOften)) judgeByModel(run, row, wrong);
  return found;
}

function judgeByModel(run: LoadedRun, row: RunRow, wrong: (rule: string, text: string) => void): void {
  const expectation = expected(run.plan);
  if (row.status !== expectation.status)
    wrong("status", `expected ${expectation.status}; found ${row.status}: ${row.error ?? "no error"}`);
  const steps = row.steps.filter(({ kind }) => kind === "step");
  for (const stage of expectation.stages) judgeStage(stage, steps, wrong);
  const known = new Set(expectation.stages.map(({ name }) => name));
  for (const { id, stage } of steps)
    if (stage === null || !known.has(stage)) wrong("stages", `${id} of stage ${stage} is not to be there`);
}

function judgeStage(
  stage: StageExpectation,
  rows: readonly StepRow[],
  wrong: (rule: string, text: string) => void,
): void {
  const those = new Map(rows.filter((row) => row.stage === stage.name).map((row) => [row.id, row]));
  for (const { step, ends } of stage.steps) {
    const row = those.get(step.id);
    those.delete(step.id);
    if (row === undefined) wrong("lost step", `${step.id} is not there`);
    else if (!(ends as readonly string[]).includes(row.status))
      wrong(
        "step status",
        `${step.id}: expected ${ends.join(" or ")}; found ${row.status}: ${row.error ?? ""}`,
      );
  }
  for (const id of those.keys()) wrong("stages", `${id} of stage ${stage.name} is not to be there`);
  const failed = stage.steps.some(
    ({ step: { id, entry } }) =>
      !entry.allowFailure && rows.some((row) => row.id === id && row.status === "failed"),
  );
  if (failed !== (stage.status === "failed"))
    wrong(
      "stages",
      `stage ${stage.name} is to be ${stage.status}, and ${failed ? "a" : "no"} step of it failed`,
    );
}

/** What each step of a run waits for, by id: dependencies of its stage, and all that completed of the stage before. */
export function dependenciesOf({ plan }: LoadedRun): Map<string, readonly string[]> {
  const stages = plan.onFailure === null ? plan.stages : [...plan.stages, plan.onFailure];
  return new Map(
    stages.flatMap((stage) => stepsOf(stage).map(({ id, dependsOn }) => [id, dependsOn] as const)),
  );
}
