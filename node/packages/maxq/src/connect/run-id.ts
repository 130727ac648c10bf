import { ApiError, valueOf, type Client } from "@maxq/client";
import { problem } from "@maxq/core";

/** The id of the run that is meant: an id, or `last` for the one that was started last. Throws `ApiError` if there is none. */
export async function runIdOf(client: Client, run: string): Promise<string> {
  if (run !== "last") return run;
  const [last] = valueOf(await client.runs.list({ limit: 1 })).data;
  if (last !== undefined) return last.id;
  const none = problem("RUN_NOT_FOUND", "There is no run yet. Start one: maxq run FLOW.");
  throw new ApiError({ reason: "refused", status: 404, problem: none, requestId: null });
}
