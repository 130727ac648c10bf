import { didYouMean } from "../did-you-mean.js";
import { problem, type Problem } from "../problem.js";
import type { StagePlan } from "./plan.js";

/** The refusal of a name in `dependsOn` that is neither of the stage nor a completed step of an earlier one. `by` is the id of the step that waits for it. */
export function unknownDependency(plan: Pick<StagePlan, "stage" | "steps">, id: string, by: string): Problem {
  return unknown(plan.stage, id, by, knownWords(plan));
}

/** As `unknownDependency`, with the words that the stage knows. */
export function unknown(stage: string, id: string, by: string, known: Iterable<string>): Problem {
  const message =
    `Step ${JSON.stringify(by)} depends on ${JSON.stringify(id)}, which is neither an id or name in stage ${JSON.stringify(stage)} ` +
    `nor a completed step of an earlier stage.${didYouMean(id, known)}`;
  return problem("UNKNOWN_DEPENDENCY", message, { dependency: id, step: by, stage });
}

/** Enough words to guess from; a stage of 100,000 steps is not searched in full. */
function knownWords(plan: Pick<StagePlan, "steps">): Set<string> {
  return new Set(plan.steps.slice(0, 2000).flatMap((step) => [step.name, step.id]));
}
