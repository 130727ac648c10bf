import { problem, type ErrorCode, type FlowProblem, type Problem } from "@maxq/core";
import type { FlowDescription } from "./describe.js";
import type { ScriptProblem } from "./resolve.js";

type Reason = FlowDescription["problems"][number]["reason"];

const codes: Readonly<Record<Reason, ErrorCode>> = {
  bad_name: "INVALID_NAME",
  no_root: "UNAVAILABLE",
  flow_not_found: "FLOW_NOT_FOUND",
  not_found: "SCRIPT_NOT_FOUND",
  not_executable: "SCRIPT_NOT_EXECUTABLE",
  outside: "SCRIPT_OUTSIDE_FLOW",
  no_interpreter_line: "SCRIPT_BAD_INTERPRETER",
  crlf_line_ends: "SCRIPT_BAD_INTERPRETER",
};

/** Why a script cannot be run, with its code. */
export function locationProblem(
  { reason, message }: ScriptProblem,
  details?: Record<string, unknown>,
): Problem {
  return problem(codes[reason], message, details);
}

/** What is wrong with a flow's files, with its code. */
export function fileProblem({ reason, path, message }: FlowDescription["problems"][number]): FlowProblem {
  return { ...problem(codes[reason], message), file: path };
}
