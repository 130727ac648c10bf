import {
  defaultLimits,
  planStage,
  type FlowDocument,
  type StageDocument,
  type StagePlan,
  type StepEntry,
} from "@maxq/core";

/** A step entry; a bare name is one. */
type Entry = StepEntry | string;

/** The plan of a stage of these steps. Throws if it is no valid stage. */
export function aStage(
  stage: string,
  steps: readonly Entry[],
  change: Omit<Partial<StageDocument>, "stage" | "steps"> = {},
): StagePlan {
  const entries = steps.map((step) => (typeof step === "string" ? { name: step } : step));
  const planned = planStage({ ...change, stage, steps: entries }, defaultLimits);
  if (!planned.ok) throw new Error(planned.problem.message);
  return planned.plan;
}

/** What flow.sh prints to ask for that stage. */
export function asksFor(plan: StagePlan): FlowDocument {
  return { reason: "stage", plan };
}

/** A flow that prints nothing. */
export const asksForNothing: FlowDocument = { reason: "none" };
