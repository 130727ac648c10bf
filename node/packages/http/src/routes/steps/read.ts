import { listStepsQuerySchema, problem, stageListSchema, stepDetailSchema, stepListSchema } from "@maxq/core";
import { answer, refuse, type RefusedAnswer } from "../../answer/answer.js";
import { answerAll, answerPage, given, pageOf } from "../page.js";
import { route } from "../route.js";
import { noSuchRun } from "../runs/not-found.js";
import { outputNow } from "./output-now.js";

export const listSteps = route({
  method: "get",
  path: "/runs/{runId}/steps",
  operationId: "listSteps",
  summary: "List a run's steps in the order in which they were scheduled",
  tag: "steps",
  scope: "read",
  query: listStepsQuerySchema,
  answers: { 200: stepListSchema },
  handle: async ({ params: { runId }, query }, { store }) => {
    const { limit, offset, cursor, ...filter } = query;
    const page = await store.listSteps(runId, given(filter), pageOf({ limit, offset, cursor }));
    // Whether the run exists is asked only where the answer could be either way.
    if (page.data.length === 0 && (await store.getRun(runId)) === null) return noSuchRun(runId);
    return answerPage(page, query);
  },
});

export const listStages = route({
  method: "get",
  path: "/runs/{runId}/stages",
  operationId: "listStages",
  summary: "List a run's stages in the order in which they were scheduled",
  tag: "steps",
  scope: "read",
  answers: { 200: stageListSchema },
  handle: async ({ params: { runId } }, { store }) => {
    const stages = await store.listStages(runId);
    if (stages.length === 0 && (await store.getRun(runId)) === null) return noSuchRun(runId);
    return answerAll(stages);
  },
});

export const listFlowCalls = route({
  method: "get",
  path: "/runs/{runId}/flow-calls",
  operationId: "listFlowCalls",
  summary: "List the calls of the run's flow.sh, oldest first",
  tag: "steps",
  scope: "read",
  answers: { 200: stepListSchema },
  handle: async ({ params: { runId } }, { store }) => {
    const calls = await store.listFlowCalls(runId);
    if (calls.length === 0 && (await store.getRun(runId)) === null) return noSuchRun(runId);
    return answerAll(calls);
  },
});

export const getStep = route({
  method: "get",
  path: "/runs/{runId}/steps/{stepId}",
  operationId: "getStep",
  summary:
    "A step, or a flow call by its id `flow:<n>`, with its attempts and the last one's output; while that one runs in this process, what it has printed so far",
  tag: "steps",
  scope: "read",
  answers: { 200: stepDetailSchema },
  handle: async ({ params: { runId, stepId } }, services) => {
    const { store } = services;
    const found = await store.getStep(runId, stepId);
    if (found === null)
      return (await store.getRun(runId)) === null ? noSuchRun(runId) : noSuchStep(runId, stepId);
    const output = await outputNow(found, services);
    return answer(200, { ...found.step, attempts: found.attempts, ...output });
  },
});

/** The refusal of a step that its run does not have. */
export function noSuchStep(runId: string, stepId: string): RefusedAnswer {
  return refuse(
    problem(
      "STEP_NOT_FOUND",
      `Run ${runId} has no step ${stepId}. \`GET /runs/${runId}/steps\` lists its steps.`,
    ),
  );
}
