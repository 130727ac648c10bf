import {
  partWithoutTokens,
  problem,
  type ErrorCode,
  type Problem,
  type ProcessEnd,
  type ScriptEnd,
} from "@maxq/core";
import type { ClaimedTask } from "@maxq/db";

/** So many characters of the end of stderr go into a problem's details. */
const TAIL = 2048;

/** Why a step's attempt failed, as the step and its run show it. */
export function stepFailure(task: ClaimedTask, end: ScriptEnd): Problem {
  const step = `Step "${task.id}"`;
  if (end.killedBy === "timeout") {
    const limit = task.timeoutMs === null ? "its time limit" : `its ${task.timeoutMs} ms`;
    return describe(
      "STEP_TIMEOUT",
      `${step} ran longer than ${limit} and was ended. Raise \`timeoutMs\`, or make it faster.`,
      end,
      { timeoutMs: task.timeoutMs },
    );
  }
  if (end.end.reason === "unable") return unable(step, end, end.end.message);
  if (end.end.reason === "not_started") {
    const message = `${step} could not be started: ${end.end.message}`;
    return describe(end.end.code, message, end);
  }
  return describe("STEP_FAILED", `${step} ${howItEnded(end.end)}. Look at its output.`, end);
}

/** Why a flow call failed, as the run shows it. */
export function flowFailure(task: ClaimedTask, end: ScriptEnd): Problem {
  if (end.end.reason === "unable") return unable(`flow.sh of "${task.flowName}"`, end, end.end.message);
  if (end.end.reason === "not_started") {
    return describe(
      end.end.code,
      `flow.sh of "${task.flowName}" could not be started: ${end.end.message}`,
      end,
    );
  }
  const how =
    end.killedBy === "timeout" ? "ran longer than its time limit and was ended" : howItEnded(end.end);
  return describe("FLOW_FAILED", `flow.sh of "${task.flowName}" ${how}. Look at the end of its stderr.`, end);
}

function unable(what: string, end: ScriptEnd, why: string): Problem {
  return describe("SCRIPT_NOT_STARTED", `${what} could not be started by this worker: ${why}`, end);
}

function describe(
  code: ErrorCode,
  message: string,
  { end, stderr }: ScriptEnd,
  more: Record<string, unknown> = {},
): Problem {
  return problem(code, message, {
    exitCode: end.reason === "exited" ? end.exitCode : null,
    signal: end.reason === "signaled" ? end.signal : null,
    stderr: tailOf(stderr.text),
    ...more,
  });
}

function howItEnded(end: Exclude<ProcessEnd, { reason: "not_started" | "unable" }>): string {
  switch (end.reason) {
    case "exited":
      return `exited with code ${end.exitCode}`;
    case "signaled":
      return `was ended by ${end.signal}`;
    case "withdrawn":
      return "was not started";
    case "lost":
      return `was lost with its launcher (${end.message})`;
  }
}

/** The end of a text, not cut within a character or a token. */
function tailOf(text: string): string {
  if (text.length <= TAIL) return text;
  const cut = partWithoutTokens(text, text.length - TAIL);
  const first = cut.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff ? cut.slice(1) : cut;
}
