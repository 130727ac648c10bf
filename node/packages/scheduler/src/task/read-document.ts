import {
  problem,
  readFlowOutput,
  type FlowDirectory,
  type Limits,
  type Problem,
  type ScriptEnd,
} from "@maxq/core";
import type { ReadDocument } from "./outcome.js";

/** Reads a flow call's document from a non-empty `$MAXQ_OUTPUT`, else from its stdout. */
export function documentReader(flows: FlowDirectory, limits: Limits): ReadDocument {
  return async ({ flowName }, end) => {
    if (end.output?.fault !== undefined)
      return { reason: "invalid", problem: unreadable(flowName, end.output.fault) };
    const { text, cut } = source(end);
    const document = await readFlowOutput(flows, flowName, text, limits);
    // A document that lost its beginning may look like log; taken for log, the run would end in silence.
    const endsLikeOne = document.reason === "none" && /[}\]]\s*$/.test(text.slice(-200));
    return cut !== null && (endsLikeOne || document.reason === "invalid")
      ? { reason: "invalid", problem: tooLong(flowName, cut, limits) }
      : document;
  };
}

function source({ output, stdout }: ScriptEnd): { text: string; cut: "$MAXQ_OUTPUT" | "stdout" | null } {
  if (output !== null && (output.tooLarge || output.text.trim() !== "")) {
    return { text: output.text, cut: output.tooLarge ? "$MAXQ_OUTPUT" : null };
  }
  return { text: stdout.text, cut: stdout.truncated ? "stdout" : null };
}

function unreadable(flowName: string, fault: string): Problem {
  const message = `What flow.sh of "${flowName}" left at $MAXQ_OUTPUT could not be read: ${fault}. Write the document to the file itself, or print it.`;
  return problem("INVALID_FLOW_OUTPUT", message);
}

function tooLong(flowName: string, where: "$MAXQ_OUTPUT" | "stdout", { bodyBytes }: Limits): Problem {
  const message = `flow.sh of "${flowName}" wrote more to ${where} than is kept (MAXQ_MAX_BODY_BYTES is ${bodyBytes}), and no whole stage document is in the rest. Print less, use \`instances\`, or raise the setting.`;
  return problem("INVALID_FLOW_OUTPUT", message, { setting: "MAXQ_MAX_BODY_BYTES", limit: bodyBytes });
}
