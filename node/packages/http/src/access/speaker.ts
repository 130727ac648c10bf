import type { Store } from "@maxq/db";
import type { ScriptCaller } from "./caller.js";
import { checkScope, type Scope } from "./scope.js";

/** Of two tokens in one request, of different attempts, the one that may do what is asked; of two such, the one that lives; else the first. */
export async function speakerOf(
  scripts: readonly ScriptCaller[],
  scope: Scope,
  runId: string | null,
  store: Store,
): Promise<ScriptCaller | null> {
  const [first = null, second = null] = scripts;
  if (first === null || second === null) return first;
  const rank = async (script: ScriptCaller): Promise<number> => {
    const refused = await checkScope(scope, { full: false, script }, runId, store);
    const state = await store.attemptState(script.ref);
    return (refused === null ? 2 : 0) + (state?.live === true ? 1 : 0);
  };
  return (await rank(second)) > (await rank(first)) ? second : first;
}
