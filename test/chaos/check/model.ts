import { stageFails, stepsOf, type RunPlan, type StagePlan, type StepPlan } from "../load/plan.js";

/** How a step may end. A step that may have run and not may be `completed` and `cancelled`. */
export type StepEnd = "completed" | "failed" | "cancelled";

export interface StageExpectation {
  readonly name: string;
  readonly steps: readonly { readonly step: StepPlan; readonly ends: readonly StepEnd[] }[];
  readonly status: "completed" | "failed";
}

/** What must have become of a run that nobody aborted and none of whose attempts was lost too often. */
export interface Expectation {
  readonly status: "completed" | "failed";
  /** Exactly these stages, in this order. */
  readonly stages: readonly StageExpectation[];
}

/** Follows a plan by the rules of the specification, in the simplest way. */
export function expected({ stages, onFailure }: RunPlan): Expectation {
  const seen: StageExpectation[] = [];
  for (const stage of stages) {
    seen.push(expectedStage(stage));
    if (!stageFails(stage)) continue;
    if (onFailure !== null) seen.push(expectedStage(onFailure));
    if (onFailure?.recover !== true) return { status: "failed", stages: seen };
  }
  return { status: "completed", stages: seen };
}

function expectedStage(stage: StagePlan): StageExpectation {
  const fails = stageFails(stage);
  const steps = stepsOf(stage);
  const ends = fails && stage.failFast ? possibleEnds : certainEnds(steps);
  return {
    name: stage.name,
    status: fails ? "failed" : "completed",
    steps: steps.map((step) => ({ step, ends: ends(step) })),
  };
}

/** The first failure ends the stage, and which comes first nobody can say. */
function possibleEnds({ entry }: StepPlan): StepEnd[] {
  if (entry.failsUntil === "always") return ["failed", "cancelled"];
  return entry.failsUntil === 0 ? ["completed", "cancelled"] : ["completed", "failed", "cancelled"];
}

/** Only what depends on a failed step does not run. Entries depend on earlier ones only. */
function certainEnds(steps: readonly StepPlan[]): (step: StepPlan) => StepEnd[] {
  const unsatisfied = new Set<string>();
  const ends = new Map<string, StepEnd>();
  for (const { id, entry, dependsOn } of steps) {
    const cancelled = dependsOn.some((each) => unsatisfied.has(each));
    const failed = !cancelled && entry.failsUntil === "always";
    if (cancelled || (failed && !entry.allowFailure)) unsatisfied.add(id);
    ends.set(id, cancelled ? "cancelled" : failed ? "failed" : "completed");
  }
  return ({ id }) => [ends.get(id)!];
}
