import { problem, type Problem, type StageDocument, type StagePlan } from "@maxq/core";

interface Planned {
  readonly document: StageDocument;
  readonly plan: StagePlan;
}

const choice = /(^|[;&|\s])(if|elif|case|while|until|for|select|test|\[\[?)\s|&&|\|\|/;

/**
 * Stages with a step whose id another stage of the script has, too. Only where the script chooses by MAXQ_COMPLETED_STAGE and by nothing else:
 * of stages that it chooses between by its input or by what failed, a run may have but one.
 */
export function repeatedIds<Stage extends Planned>(
  script: string,
  stages: readonly Stage[],
): readonly { readonly stage: Stage; readonly problem: Problem }[] {
  if (!isOneSequence(script)) return [];
  const owners = new Map<string, string>();
  return stages.flatMap((stage) => {
    const name = stage.plan.stage;
    const repeated = stage.plan.steps.find(({ id }) => (owners.get(id) ?? name) !== name);
    for (const { id } of stage.plan.steps) if (!owners.has(id)) owners.set(id, name);
    return repeated === undefined ? [] : [{ stage, problem: taken(stage, repeated.id, owners) }];
  });
}

function isOneSequence(script: string): boolean {
  const lines = script.split("\n").filter((line) => !/^\s*#/.test(line));
  return lines.every(
    (line) =>
      !line.includes("MAXQ_FAILED_STAGE") && (!choice.test(line) || line.includes("MAXQ_COMPLETED_STAGE")),
  );
}

function taken({ document }: Planned, id: string, owners: ReadonlyMap<string, string>): Problem {
  const index = document.steps.findIndex((step) => step.id === id || id.startsWith(`${step.id}.`));
  return problem(
    "DUPLICATE_STEP",
    `Stage ${JSON.stringify(owners.get(id))} has a step ${id} already; step ids are unique in a run.`,
    { path: `steps[${index}].id` },
  );
}
