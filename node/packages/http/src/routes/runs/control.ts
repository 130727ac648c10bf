import { actionAnswerSchema, killAnswerSchema, retryRunQuerySchema } from "@maxq/core";
import { answer, refusedByStore } from "../../answer/answer.js";
import { route } from "../route.js";
import { viewRun } from "./view.js";

export const pauseRun = route({
  method: "post",
  path: "/runs/{runId}/pause",
  operationId: "pauseRun",
  summary: "Start nothing new of a run; what runs finishes",
  tag: "runs",
  scope: "control",
  answers: { 200: killAnswerSchema },
  handle: async ({ params: { runId } }, { store }) => {
    const result = await store.pauseRun(runId);
    if (result.reason === "refused") return refusedByStore(result);
    const run = await viewRun(result.run, store);
    return answer(200, { run, message: "The run is paused; what runs finishes.", processesKilled: 0 });
  },
});

export const resumeRun = route({
  method: "post",
  path: "/runs/{runId}/resume",
  operationId: "resumeRun",
  summary: "Go on with a paused run",
  tag: "runs",
  scope: "control",
  answers: { 200: actionAnswerSchema },
  handle: async ({ params: { runId } }, { store }) => {
    const result = await store.resumeRun(runId);
    if (result.reason === "refused") return refusedByStore(result);
    return answer(200, { run: await viewRun(result.run, store), message: "The run goes on." });
  },
});

export const retryRun = route({
  method: "post",
  path: "/runs/{runId}/retry",
  operationId: "retryRun",
  summary: "Go on with a failed or aborted run, or start a new one like it",
  tag: "runs",
  scope: "control",
  query: retryRunQuerySchema,
  answers: { 200: actionAnswerSchema, 201: actionAnswerSchema },
  locations: [201],
  handle: async ({ params: { runId }, query: { mode } }, { store }) => {
    if (mode === "new") {
      const result = await store.retryAsNewRun(runId);
      if (result.reason === "refused") return refusedByStore(result);
      const message = `Run ${result.run.id} was started in its place.`;
      return answer(
        201,
        { run: await viewRun(result.run, store), message },
        { Location: `/api/v1/runs/${result.run.id}` },
      );
    }
    const result = await store.retryRun(runId);
    if (result.reason === "refused") return refusedByStore(result);
    return answer(200, {
      run: await viewRun(result.run, store),
      message: "The run goes on; what was completed stays.",
    });
  },
});
