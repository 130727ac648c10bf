import { problem, stepOutputQuerySchema, type Step } from "@maxq/core";
import { refuse, type RefusedAnswer, type StreamAnswer } from "../../answer/answer.js";
import { route } from "../route.js";
import { noSuchRun } from "../runs/not-found.js";
import { followOutput } from "./follow.js";
import { outputNow } from "./output-now.js";
import { noSuchStep } from "./read.js";

export const stepOutput = route({
  method: "get",
  path: "/runs/{runId}/steps/{stepId}/output",
  operationId: "stepOutput",
  summary:
    "What was captured of an attempt, as text, or while it runs in this process, what it has printed so far; `follow` goes on with what it prints, until it ends",
  tag: "steps",
  scope: "read",
  streams: "text",
  query: stepOutputQuerySchema,
  answers: { 200: "text/plain" },
  handle: async ({ params: { runId, stepId }, query }, services) => {
    const found = await services.store.getStep(runId, stepId);
    if (found === null) {
      return (await services.store.getRun(runId)) === null ? noSuchRun(runId) : noSuchStep(runId, stepId);
    }
    const stream = query.stream ?? "stdout";
    const { attempt } = query;
    if (attempt !== undefined && attempt > lastToAskFor(found.step, query.follow === true))
      return noSuchAttempt(found.step, attempt);
    if (query.follow === true)
      return text((writer) => followOutput({ runId, stepId, stream, attempt }, writer, services));
    const output =
      attempt === undefined || attempt === found.step.attempt
        ? await outputNow(found, services)
        : await services.store.stepOutput(runId, stepId, attempt);
    return text(async (writer) => {
      await writer.write(output?.[stream] ?? "");
      return "whole";
    });
  },
});

/** The last attempt whose output can be had; of a step that is not over, the next one can be waited for. */
function lastToAskFor({ status, attempt }: Step, follow: boolean): number {
  return follow && (status === "pending" || status === "running") ? attempt + 1 : attempt;
}

function noSuchAttempt({ id, runId, attempt: attempts }: Step, attempt: number): RefusedAnswer {
  const had = attempts === 1 ? "1 attempt" : `${attempts} attempts`;
  const message = `Step ${id} of run ${runId} has no attempt ${attempt}: it has had ${had}. \`GET /runs/${runId}/steps/${id}\` lists them.`;
  return refuse(problem("ATTEMPT_NOT_FOUND", message, { attempts }));
}

function text(write: StreamAnswer["write"]): StreamAnswer {
  return { reason: "stream", contentType: "text/plain; charset=utf-8", write };
}
