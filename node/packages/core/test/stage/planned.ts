import { defaultLimits, isFinalDocument, planStage, readStageDocument, type StagePlan } from "@maxq/core";
import type { Limits, PlannedStage, Problem, StepEntry } from "@maxq/core";

type Given = Partial<StepEntry> & { readonly name: string };

/** Reads and plans a stage `s` of these steps. */
export function attempt(steps: readonly Given[], limits: Limits = defaultLimits): PlannedStage {
  const read = readStageDocument({ stage: "s", steps }, limits);
  if (!read.ok) return read;
  if (isFinalDocument(read.document)) throw new Error("not a stage");
  return planStage(read.document, limits);
}

/** The plan of a stage `s` of these steps, which must be possible. */
export function planOf(...steps: Given[]): StagePlan {
  const result = attempt(steps);
  if (!result.ok) throw new Error(result.problem.message);
  return result.plan;
}

/** Why a stage `s` of these steps is refused. */
export function refusalOf(...steps: Given[]): Problem {
  const result = attempt(steps);
  if (result.ok) throw new Error("was not refused");
  return result.problem;
}

/** For each step's id, the ids that it waits for, gates opened up; sorted. */
export function waitsOf(plan: StagePlan): Record<string, string[]> {
  const waits = plan.steps.map(() => new Set<string>());
  for (const [from, to] of plan.stepEdges) waits[to]!.add(plan.steps[from]!.id);
  const members = plan.gates.map((_, gate) => plan.steps.filter((step) => step.gate === gate));
  for (const [gate, to] of plan.gateEdges) for (const member of members[gate]!) waits[to]!.add(member.id);
  return Object.fromEntries(plan.steps.map((step, index) => [step.id, [...waits[index]!].sort()]));
}
