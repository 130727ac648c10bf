import { problem, type Problem } from "@maxq/core";
import type { Store } from "@maxq/db";
import { fenceOf, type Caller } from "./caller.js";

/**
 * What a caller with nothing but a token may do on a route. `public`: nobody is asked who they are. `server`: nothing. `any`: what anybody may.
 * `trigger`: start a run while its attempt lives, or with the key. `read`: its own run and those it started. `write`: its own run; the store refuses ended attempts.
 * `control`: its own run; ended attempts are refused here, because these verbs of the store do not ask.
 */
export type Scope = "public" | "server" | "any" | "trigger" | "read" | "write" | "control";

/** Whether the caller may use a route of this scope on this run (null: the path names none). Null if so; else FORBIDDEN or ATTEMPT_OVER. */
export async function checkScope(
  scope: Scope,
  caller: Caller,
  runId: string | null,
  store: Store,
): Promise<Problem | null> {
  if (caller.script === null) return null;
  const own = runId !== null && caller.script.runId === runId;
  switch (scope) {
    case "public":
    case "any":
      return null;
    case "server":
      return caller.full
        ? null
        : problem("FORBIDDEN", "A script's token does not reach this. Use the server's key.");
    case "trigger":
      return caller.full ? null : checkLiving(caller, store);
    case "read":
      return own || caller.full || (runId !== null && (await startedBy(caller.script.runId, runId, store)))
        ? null
        : outside();
    case "write":
      return own || caller.full ? null : outside();
    case "control":
      if (!own && !caller.full) return outside();
      return fenceOf(caller, runId ?? "") === null ? null : checkLiving(caller, store);
  }
}

async function startedBy(parentRunId: string, runId: string, store: Store): Promise<boolean> {
  return (await store.getRun(runId))?.parentRunId === parentRunId;
}

async function checkLiving({ script }: Caller, store: Store): Promise<Problem | null> {
  if (script === null) return null;
  const state = await store.attemptState(script.ref);
  if (state?.live === true) return null;
  return problem(
    "ATTEMPT_OVER",
    "The attempt whose token this is has ended, so it may not write any more. The newer attempt speaks for the step, or the server's key does.",
  );
}

/** The refusal of what belongs to another run. */
export function outside(): Problem {
  return problem(
    "FORBIDDEN",
    "A script's token reads its own run and those it started, and writes its own only. Use the server's key for other runs.",
  );
}
