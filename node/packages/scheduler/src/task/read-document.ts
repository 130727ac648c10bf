import {
  excerptAt,
  positionAt,
  problem,
  readFlowOutput,
  type FlowDirectory,
  type Limits,
  type Problem,
  type ScriptEnd,
} from "@maxq/core";
import type { Store } from "@maxq/db";
import type { ReadDocument } from "./outcome.js";

/** Reads a flow call's document from a non-empty `$MAXQ_OUTPUT`, else from its stdout. `hasStage`: see `admitStage`. */
export function documentReader(
  flows: FlowDirectory,
  limits: Limits,
  hasStage: Store["hasStage"],
): ReadDocument {
  return async ({ flowName, runId }, end) => {
    if (end.output?.fault !== undefined)
      return { reason: "invalid", problem: unreadable(flowName, end.output.fault) };
    const { from, text, cut } = source(end);
    const document = await readFlowOutput(flows, flowName, text, limits, (stage) => hasStage(runId, stage));
    // A document that lost its beginning may look like log; taken for log, the run would end in silence.
    const endsLikeOne = document.reason === "none" && /[}\]]\s*$/.test(text.slice(-200));
    const holdsNone = document.reason === "none" && from === "$MAXQ_OUTPUT";
    if (cut && (endsLikeOne || holdsNone || document.reason === "invalid"))
      return { reason: "invalid", problem: tooLong(flowName, from, limits) };
    return holdsNone ? { reason: "invalid", problem: noDocument(flowName, text) } : document;
  };
}

interface Source {
  readonly from: "$MAXQ_OUTPUT" | "stdout";
  readonly text: string;
  /** Part of it is missing. */
  readonly cut: boolean;
}

function source({ output, stdout }: ScriptEnd): Source {
  if (output !== null && (output.tooLarge || output.text.trim() !== ""))
    return { from: "$MAXQ_OUTPUT", text: output.text, cut: output.tooLarge };
  return { from: "stdout", text: stdout.text, cut: stdout.truncated };
}

function unreadable(flowName: string, fault: string): Problem {
  const message = `What flow.sh of "${flowName}" left at $MAXQ_OUTPUT could not be read: ${fault}. Write the document to the file itself, or print it.`;
  return problem("INVALID_FLOW_OUTPUT", message);
}

function noDocument(flowName: string, text: string): Problem {
  const at = text.search(/\S/);
  const { line, column } = positionAt(text, at);
  const excerpt = excerptAt(text, at);
  const message = `$MAXQ_OUTPUT of flow.sh of "${flowName}" is not empty, so it is taken for the document (stdout is read only when it is empty), but it holds none: ${excerpt}`;
  return problem("INVALID_FLOW_OUTPUT", message, { line, column, excerpt });
}

function tooLong(flowName: string, where: Source["from"], { bodyBytes }: Limits): Problem {
  const message = `flow.sh of "${flowName}" wrote more to ${where} than is kept (MAXQ_MAX_BODY_BYTES is ${bodyBytes}), and no whole stage document is in the rest. Print less, use \`instances\`, or raise the setting.`;
  return problem("INVALID_FLOW_OUTPUT", message, { setting: "MAXQ_MAX_BODY_BYTES", limit: bodyBytes });
}
