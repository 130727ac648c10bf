import { killAnswerSchema, type Run } from "@maxq/core";
import { answer, refusedByStore } from "../../answer/answer.js";
import { waitForRun } from "../../wait/for-run.js";
import { withDeadline } from "../../wait/with-deadline.js";
import { route } from "../route.js";
import { viewRun } from "./view.js";

/** What a worker may need beyond the grace period to hear of an abort and to record its end. */
const beyondGraceMs = 2_000;

/** A run that is being aborted has an error: one without was aborted, and retried before this was told. */
function isDone({ status, error }: Run): boolean {
  return status === "aborted" || error === null;
}

export const abortRun = route({
  method: "post",
  path: "/runs/{runId}/abort",
  operationId: "abortRun",
  summary: "End every process of a run, wherever it runs; 202 if a worker could not be reached in time",
  tag: "runs",
  scope: "control",
  answers: { 200: killAnswerSchema, 202: killAnswerSchema },
  handle: async ({ params: { runId }, signal }, services) => {
    const result = await services.store.abortRun(runId);
    if (result.reason === "refused") return refusedByStore(result);
    const patienceMs = services.abortGraceMs + beyondGraceMs;
    const seen = await withDeadline(signal, patienceMs, (until) =>
      waitForRun(services, runId, isDone, until),
    );
    // None: somebody has deleted it, which only a run that is over can be.
    const after = seen ?? { ...result.run, status: "aborted" as const };
    const run = await viewRun(after, services.store);
    const done = isDone(after);
    const message = done
      ? "The run is aborted and its processes are gone."
      : "The abort is on its way; a worker has not confirmed it yet. The run will be aborted when its lease ends at the latest.";
    return answer(done ? 200 : 202, { run, message, processesKilled: result.active });
  },
});
