import { problem, type Problem, type StageDocument, type StagePlan } from "@maxq/core";

interface Planned {
  readonly document: StageDocument;
  readonly plan: StagePlan;
}

const completed = String.raw`"?\$(?:MAXQ_COMPLETED_STAGE|\{MAXQ_COMPLETED_STAGE(?::?-[\w.-]*)?\})"?`;
const word = String.raw`["']?[\w.-]*["']?`;
const comparison = String.raw`(?:!\s+)?(?:-[nz]\s+${completed}|${completed}\s+(?:==?|!=)\s+${word})`;
/** Choices by MAXQ_COMPLETED_STAGE alone, each as far as it is part of a longer one: `if [ -z "$MAXQ_COMPLETED_STAGE" ] ||`. */
const byStage = new RegExp(
  String.raw`\bcase\s+${completed}\s+in\b|(?:\b(?:if|elif)\s+)?(?:\[\s+${comparison}\s+\]|\[\[\s+${comparison}\s+\]\]|\btest\s+${comparison})(?:\s*(?:&&|\|\|))?`,
  "g",
);
/** Any other choice; of functions, one may be called by a name that is put together. */
const choice =
  /(^|[;&|\s])(if|elif|case|while|until|for|select|test|\[\[?)\s|&&|\|\||MAXQ_FAILED_STAGE|\w\s*\(\)|\bfunction\s/;

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
  const code = script.replaceAll(/^\s*#.*$/gm, "").replaceAll(byStage, "");
  return !code.split("\n").some((line) => choice.test(line));
}

function taken({ document }: Planned, id: string, owners: ReadonlyMap<string, string>): Problem {
  const index = document.steps.findIndex((step) => step.id === id || id.startsWith(`${step.id}.`));
  return problem(
    "DUPLICATE_STEP",
    `Stage ${JSON.stringify(owners.get(id))} has a step ${id} already; step ids are unique in a run.`,
    { path: `steps[${index}].id` },
  );
}
