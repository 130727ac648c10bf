import {
  defaultLimits,
  didYouMean,
  errors,
  isFinalDocument,
  planStage,
  readStageDocument,
  unknownDependency,
  type Problem,
  type StageDocument,
  type StagePlan,
} from "@maxq/core";
import { faultAt, type Fault } from "../finding.js";
import type { Literal } from "../shell/literals.js";
import { documentsIn, type Document } from "./documents.js";
import { offsetOf, parsePath } from "./json-offset.js";
import { repeatedIds } from "./repeated-ids.js";

type Whole = Extract<Document, { readonly reason: "document" }>;

interface Stage {
  readonly document: StageDocument;
  readonly plan: StagePlan;
  readonly from: Whole;
}

/** What is wrong with the stage documents that stand literally in a `flow.sh`. `stepNames` are the directories below `steps/`. */
export function inspectStages(
  script: string,
  literals: readonly Literal[],
  stepNames: readonly string[],
): Fault[] {
  const faults: Fault[] = [];
  const stages: Stage[] = [];
  const documents = documentsIn(script, literals);
  for (const found of documents) {
    if (found.reason === "invalid") {
      const fault = faultOf(found.problem);
      faults.push(faultAt(script, found.offset, { ...fault, cure: found.cure ?? fault.cure }));
      continue;
    }
    const read = readStageDocument(found.value, defaultLimits);
    if (read.ok && isFinalDocument(read.document)) continue;
    if (!read.ok) faults.push(problemAt(script, found, read.problem));
    else if (!isFinalDocument(read.document)) {
      const planned = planStage(read.document, defaultLimits);
      if (planned.ok) stages.push({ document: read.document, plan: planned.plan, from: found });
      else faults.push(problemAt(script, found, planned.problem, read.document));
    }
  }
  for (const stage of stages) faults.push(...missingScripts(script, stage, stepNames));
  for (const { stage, problem } of repeatedIds(script, stages))
    faults.push(problemAt(script, stage.from, problem));
  // With a stage that is put together when the script runs, a step of it may be meant.
  if (isEveryStageKnown(script, documents) && faults.length === 0)
    faults.push(...unknownSteps(script, stages));
  return faults;
}

function missingScripts(script: string, { document, from }: Stage, stepNames: readonly string[]): Fault[] {
  return document.steps.flatMap(({ name }, index) => {
    if (stepNames.includes(name)) return [];
    const problem: Problem = {
      code: "SCRIPT_NOT_FOUND",
      message: `There is no steps/${name}/step.sh for the step ${JSON.stringify(name)} of stage ${JSON.stringify(document.stage)}.${didYouMean(name, stepNames)}`,
      details: { path: `steps[${index}].name` },
    };
    return [problemAt(script, from, problem)];
  });
}

function unknownSteps(script: string, stages: readonly Stage[]): Fault[] {
  const known = new Set(stages.flatMap(({ plan }) => plan.steps.map(({ id }) => id)));
  return stages.flatMap(({ plan, document, from }) =>
    plan.external
      .filter(({ id }) => !known.has(id))
      .map(({ id, by }) => problemAt(script, from, unknownDependency(plan, id, by), document)),
  );
}

/** Whether all that looks like a stage in the script is among the documents. Whole lines of comment aside. */
function isEveryStageKnown(script: string, documents: readonly Document[]): boolean {
  const code = script.replaceAll(/^[ \t]*#.*$/gm, "");
  const mentioned = code.match(/["']stage\\?["']\s*:|[{,]\s*stage\s*:/g)?.length ?? 0;
  const read = documents.filter(({ reason }) => reason === "document").length;
  const finals = documents.filter(
    (each) => each.reason === "document" && !("stage" in (each.value as object)),
  ).length;
  return mentioned === read - finals;
}

function problemAt(
  script: string,
  { text, start, offsets }: Whole,
  problem: Problem,
  document?: StageDocument,
): Fault {
  const path = parsePath(pathOf(problem, document));
  return faultAt(script, offsets[offsetOf(text, start, path)] ?? 0, faultOf(problem));
}

/** Where a problem is: as it says, or the dependency that it is about. */
function pathOf({ details = {} }: Problem, document: StageDocument | undefined): string {
  if (typeof details.path === "string") return details.path;
  const cycle = details.cycle as readonly string[] | undefined;
  const wanted = typeof details.dependency === "string" ? [details.dependency] : (cycle ?? []);
  const steps = document?.steps ?? [];
  for (const [index, { dependsOn = [] }] of steps.entries()) {
    const place = dependsOn.findIndex(
      (word) => wanted.includes(word) || wanted.some((id) => id.endsWith(`.${word}`)),
    );
    if (place >= 0) return `steps[${index}].dependsOn[${place}]`;
  }
  return "";
}

function faultOf({ code, message, details }: Problem): Pick<Fault, "code" | "message" | "cure"> {
  const cures: Partial<Record<string, string>> = {
    INVALID_FLOW_OUTPUT: "Correct the JSON at this place.",
    INVALID_STAGE: "Correct this value; the specification has the keys of a stage.",
    SCRIPT_NOT_FOUND: "Create that script and make it executable, or correct the name here.",
  };
  return {
    code,
    message: message
      .replace(/^flow\.sh printed something that begins (.*?) \(line \d+\) but/, "This begins $1 but")
      // Its place and its line are those of the script here, and told by the fault.
      .replace(/ at line \d+, column \d+, but/, " here, but")
      .replace(`: ${String(details?.excerpt)}`, "."),
    cure: cures[code] ?? errors[code].cure,
  };
}
