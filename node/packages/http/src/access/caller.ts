import type { Problem } from "@maxq/core";
import type { AttemptRef } from "@maxq/db";

/** The attempt whose token was shown, and the run it belongs to. */
export interface ScriptCaller {
  readonly runId: string;
  readonly ref: AttemptRef;
}

/** Who makes a request. */
export interface Caller {
  /** May do everything: it showed the key, or the server is open to it. */
  readonly full: boolean;
  /** Null without a token. With one, writes to its run are fenced by it, whatever else was shown. */
  readonly script: ScriptCaller | null;
}

/** Whether identifying ended in a refusal. */
export function isProblem(value: object): value is Problem {
  return "code" in value && "message" in value;
}

/** The attempt that fences a write to this run, null where the caller is none of the run's. */
export function fenceOf(caller: Caller, runId: string): AttemptRef | null {
  return caller.script?.runId === runId ? caller.script.ref : null;
}
