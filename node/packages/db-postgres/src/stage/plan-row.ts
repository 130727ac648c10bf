import type { StagePlan } from "@maxq/core";
import { optionRow } from "@maxq/db";
import { groupsOf } from "./step-groups.js";

/** Whether `pg_temp.store_plan` can store this stage. */
export function acceptsPlan(plan: StagePlan): boolean {
  const [first] = plan.steps;
  return (
    first !== undefined &&
    plan.maxParallel === null &&
    plan.external.length === 0 &&
    plan.steps.every((step) => step.priority === first.priority)
  );
}

/** Whether nothing in the stage waits, and none of its steps has options. */
export function startsAtOnce({ steps, gates }: StagePlan): boolean {
  return gates.length === 0 && steps.every((step) => step.dependencies === 0 && optionRow(step).length === 0);
}

/** A stage as `pg_temp.store_plan` takes it. JSON values that are stored as they are go as text; lists of nothing are null. */
export function planRow(plan: StagePlan): object {
  return {
    stage: plan.stage,
    final: plan.final,
    failFast: plan.failFast,
    recover: plan.recover,
    output: plan.output === undefined ? null : JSON.stringify(plan.output),
    hash: plan.hash,
    priority: plan.steps[0]!.priority,
    ready: plan.steps.filter(({ dependencies }) => dependencies === 0).length,
    ids: plan.steps.map(({ id }) => id),
    groups: groupsOf(plan.steps),
    options: orNull(
      plan.steps.flatMap((step, index) => optionRow(step).map((option) => ({ ...option, index }))),
    ),
    gates: orNull(plan.gates),
    stepEdges: columns(plan.stepEdges),
    gateEdges: columns(plan.gateEdges),
  };
}

/** Two lists instead of one of pairs, each of which would be parsed twice. */
function columns(edges: StagePlan["stepEdges"]): { from: number[]; to: number[] } | null {
  return edges.length === 0 ? null : { from: edges.map(([from]) => from), to: edges.map(([, to]) => to) };
}

function orNull<T>(rows: readonly T[]): readonly T[] | null {
  return rows.length === 0 ? null : rows;
}
