import type { FlowDirectory } from "../flow-directory.js";
import type { Limits } from "../limits.js";
import type { FlowDocument } from "./plan.js";
import { planStage } from "./make-plan.js";
import { isFinalDocument, readStageDocument } from "./read-document.js";

/** What a scheduling request asks for: a stage, the end, or something that is refused. */
export type Admission = Exclude<FlowDocument, { readonly reason: "none" }>;

/** Whether the run of the request has a stage of that name: then nothing of the document will be started. */
export type HasStage = (stage: string) => Promise<boolean>;

/**
 * Everything that can be said about a stage document without the database: its shape, its plan, and that every script that it names can be started.
 * The same for both dialects. Nothing is stored. A script that cannot be started is no reason against a stage that the run has, which is asked only then:
 * it is the store's to say whether that is a repeat.
 */
export async function admitStage(
  flows: FlowDirectory,
  flowName: string,
  value: unknown,
  limits: Limits,
  hasStage: HasStage,
): Promise<Admission> {
  const read = readStageDocument(value, limits);
  if (!read.ok) return { reason: "invalid", problem: read.problem };
  if (isFinalDocument(read.document)) return { reason: "final", output: read.document.output };
  const planned = planStage(read.document, limits);
  if (!planned.ok) return { reason: "invalid", problem: planned.problem };
  const names = new Set(read.document.steps.map((step) => step.name));
  const problem = names.size === 0 ? null : await flows.checkSteps(flowName, [...names]);
  if (problem === null || (await hasStage(planned.plan.stage)))
    return { reason: "stage", plan: planned.plan };
  return { reason: "invalid", problem };
}
