import { withoutByteOrderMark } from "../byte-order-mark.js";
import type { FlowDirectory } from "../flow-directory.js";
import type { ErrorCode } from "../errors.js";
import { overLimit, type Limits } from "../limits.js";
import { problem, type Problem } from "../problem.js";
import { admitStage, type HasStage } from "../stage/admit.js";
import type { FlowDocument } from "../stage/plan.js";
import { findDocument } from "./find-document.js";
import { excerptAt, positionAt } from "./position.js";

const misshapen: ReadonlySet<ErrorCode> = new Set(["INVALID_STAGE", "INVALID_NAME", "INVALID_ENV"]);

/**
 * What a flow call's output asks for. A document of the wrong shape is INVALID_FLOW_OUTPUT, its own code in `details.cause`;
 * one that cannot be carried out (cycle, duplicate, limit, script) keeps its code. Both say in `details` where it was printed. A byte order mark is skipped.
 */
export async function readFlowOutput(
  flows: FlowDirectory,
  flowName: string,
  output: string,
  limits: Limits,
  hasStage: HasStage,
): Promise<FlowDocument> {
  const text = withoutByteOrderMark(output);
  const found = findDocument(text, limits.jsonValues);
  if (found.reason === "too large") {
    const tooMany = overLimit(limits, "jsonValues", "The document");
    return { reason: "invalid", problem: located(tooMany, text, found.start) };
  }
  if (found.reason !== "document") return found;
  const admission = await admitStage(flows, flowName, found.value, limits, hasStage);
  if (admission.reason !== "invalid") return admission;
  return { reason: "invalid", problem: located(admission.problem, text, found.start) };
}

function located(found: Problem, text: string, start: number): Problem {
  const { line, column } = positionAt(text, start);
  const details = { ...found.details, line, column, excerpt: excerptAt(text, start) };
  if (!misshapen.has(found.code)) return problem(found.code, found.message, details);
  const message = `The stage document that flow.sh printed (line ${line}) is not valid: ${found.message}`;
  return problem("INVALID_FLOW_OUTPUT", message, { ...details, cause: found.code });
}
