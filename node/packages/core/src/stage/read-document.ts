import * as z from "zod";
import type { ErrorCode } from "../errors.js";
import { hasHugeNumber, unfitJson } from "../json.js";
import { overLimit, type Limits } from "../limits.js";
import { problem, type Problem } from "../problem.js";
import { mainIssue, problemFromZod, type Issue } from "../zod-problem.js";
import {
  finalDocumentSchema,
  stageDocumentSchema,
  stepEntrySchema,
  type FinalDocument,
  type StageDocument,
  type StepEntry,
} from "./document.js";

/** A valid document, or why it is none. */
export type ReadDocument =
  | { readonly ok: true; readonly document: StageDocument | FinalDocument }
  | { readonly ok: false; readonly problem: Problem };

/** The kernel refuses a longer `NAME=value`, its closing NUL counted. */
const longestVariable = 131_072;

/**
 * Reads a parsed stage document of either dialect, or `{"final": true}`. Codes: INVALID_STAGE, INVALID_NAME, INVALID_ENV, LIMIT_EXCEEDED;
 * `details.path` leads to the value. Says nothing about dependencies or scripts: see `planStage` and `admitStage`.
 */
export function readStageDocument(value: unknown, limits: Limits): ReadDocument {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(problem("INVALID_STAGE", "A stage document must be a JSON object.", { path: "" }));
  const unfit = unfitJson(value, limits.jsonDepth);
  if (unfit === "depth") return refuse(overLimit(limits, "jsonDepth", "The document"));
  if (unfit === "number") return refuse(problem("INVALID_STAGE", `The document ${hasHugeNumber}`));
  if ("stage" in value || "steps" in value || !("final" in value)) return readStage(value, limits);
  if (value.final !== true)
    return refuse(
      problem(
        "INVALID_STAGE",
        "`final` must be true in a document without a `stage`: else it asks for nothing.",
        { path: "final" },
      ),
    );
  const read = finalDocumentSchema.safeParse(value);
  return read.success
    ? { ok: true, document: read.data }
    : refuse(problemFromZod(read.error, "INVALID_STAGE"));
}

/** Whether a document is `{"final": true}` alone. */
export function isFinalDocument(document: StageDocument | FinalDocument): document is FinalDocument {
  return !("stage" in document);
}

function readStage(value: object, limits: Limits): ReadDocument {
  const given: unknown = "steps" in value ? value.steps : undefined;
  const entries: readonly unknown[] = Array.isArray(given) ? given : [];
  if (entries.length > limits.maxStepsPerStage)
    return refuse(overLimit(limits, "maxStepsPerStage", "The stage", entries.length, "steps"));
  const head = stageDocumentSchema.safeParse(Array.isArray(given) ? { ...value, steps: [] } : value);
  if (!head.success) return refuse(problemFromZod(head.error, codeOf(mainIssue(head.error))));
  const steps: StepEntry[] = [];
  // One by one, up to the first that is wrong: complaints about 100,000 steps would take seconds to collect.
  for (const [index, entry] of entries.entries()) {
    const read = stepEntrySchema.safeParse(entry);
    if (!read.success) return refuse(stepProblem(read.error, index));
    steps.push(read.data);
  }
  const document: StageDocument = { ...head.data, steps };
  if (document.output !== undefined && document.final !== true)
    return refuse(
      problem("INVALID_STAGE", "`output` is only allowed with `final: true`.", { path: "output" }),
    );
  const found = overStageLimits(document, limits) ?? lostKey(entries as readonly { readonly env?: object }[]);
  return found === null ? { ok: true, document } : refuse(found);
}

function stepProblem(error: z.ZodError, index: number): Problem {
  const moved = new z.ZodError(
    error.issues.map((issue) => ({ ...issue, path: ["steps", index, ...issue.path] })),
  );
  return problemFromZod(moved, codeOf(mainIssue(moved)));
}

function overStageLimits(document: StageDocument, limits: Limits): Problem | null {
  let total = 0;
  for (const [index, step] of document.steps.entries()) {
    const instances = step.instances ?? 1;
    const path = `steps[${index}]`;
    if (instances > limits.maxInstances)
      return overLimit(limits, "maxInstances", `\`${path}\``, instances, `${path}.instances`);
    total += instances;
    const found = envProblem(step, path, limits);
    if (found !== null) return found;
  }
  return total > limits.maxStepsPerStage
    ? overLimit(limits, "maxStepsPerStage", "The stage", total, "steps")
    : null;
}

function envProblem(step: StepEntry, path: string, limits: Limits): Problem | null {
  if (step.env === undefined) return null;
  let total = 0;
  for (const [name, value] of Object.entries(step.env)) {
    const bytes = name.length + Buffer.byteLength(value) + 2;
    if (bytes > longestVariable)
      return problem(
        "INVALID_ENV",
        `\`${path}.env.${name}\` has ${bytes} bytes; the kernel takes ${longestVariable} at most. Pass a file's name instead.`,
        { path: `${path}.env.${name}` },
      );
    total += bytes;
  }
  return total > limits.envBytes
    ? overLimit(limits, "envBytes", `\`${path}.env\``, total, `${path}.env`)
    : null;
}

/** Zod drops this key without a word. */
function lostKey(steps: readonly { readonly env?: object }[]): Problem | null {
  const index = steps.findIndex((step) => step.env !== undefined && Object.hasOwn(step.env, "__proto__"));
  if (index < 0) return null;
  const path = `steps[${index}].env.__proto__`;
  return problem("INVALID_ENV", `\`${path}\` is reserved.`, { path });
}

function codeOf(issue: Issue | undefined): ErrorCode {
  const [top, , key] = issue?.path ?? [];
  if (top === "steps" && key === "env") return "INVALID_ENV";
  const named = top === "stage" || (top === "steps" && (key === "name" || key === "id"));
  return named && issue?.code === "invalid_format" ? "INVALID_NAME" : "INVALID_STAGE";
}

function refuse(found: Problem): ReadDocument {
  return { ok: false, problem: found };
}
