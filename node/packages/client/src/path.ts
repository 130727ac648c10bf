import { problem, type ErrorCode } from "@maxq/core";
import type { Refused } from "./answer.js";

/** What follows each of these in a path, and how a server answers if there is none of that id or name. */
const named: Readonly<
  Record<string, { readonly is: string; readonly of: string; readonly code: ErrorCode }>
> = {
  runs: { is: "id", of: "run", code: "RUN_NOT_FOUND" },
  steps: { is: "id", of: "step", code: "STEP_NOT_FOUND" },
  flows: { is: "name", of: "flow", code: "FLOW_NOT_FOUND" },
  artifacts: { is: "name", of: "artifact", code: "ARTIFACT_NOT_FOUND" },
};

/**
 * Why a path, whose parts are escaped, may not be sent: nothing escapes an empty part, `.` and `..`, and with these in it it leads to another route. Null: it may.
 * Nothing has such an id or name.
 */
export function astray(path: string): Refused | null {
  const parts = path.split("/");
  const index = parts.findIndex((part, at) => at > 0 && ["", ".", ".."].includes(part));
  const [before = "", part] = parts.slice(index - 1);
  const what = named[before];
  if (index < 0 || what === undefined) return null;
  const { is, of, code } = what;
  const message =
    part === "" ? `The ${is} of the ${of} is empty.` : `${JSON.stringify(part)} is the ${is} of no ${of}.`;
  return { reason: "refused", status: 404, problem: problem(code, message), requestId: null };
}
