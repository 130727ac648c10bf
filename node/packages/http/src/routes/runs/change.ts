import { patchRunBodySchema, runWithStagesSchema } from "@maxq/core";
import * as z from "zod";
import { answer, refusedByStore } from "../../answer/answer.js";
import { given } from "../page.js";
import { route } from "../route.js";
import { viewRun } from "./view.js";

export const patchRun = route({
  method: "patch",
  path: "/runs/{runId}",
  operationId: "patchRun",
  summary: "Set a run's name, description or output",
  tag: "runs",
  scope: "write",
  body: patchRunBodySchema,
  answers: { 200: runWithStagesSchema },
  handle: async ({ params: { runId }, body, fence }, { store }) => {
    const result = await store.patchRun(runId, given(body), fence);
    return result.reason === "refused"
      ? refusedByStore(result)
      : answer(200, await viewRun(result.run, store));
  },
});

const deletedRunSchema = z.object({ id: z.string(), message: z.string() }).meta({ id: "DeletedRun" });

export const deleteRun = route({
  method: "delete",
  path: "/runs/{runId}",
  operationId: "deleteRun",
  summary: "Delete a run that is over, with everything of it",
  tag: "runs",
  scope: "control",
  answers: { 200: deletedRunSchema },
  handle: async ({ params: { runId } }, { store }) => {
    const result = await store.deleteRun(runId);
    return result.reason === "refused"
      ? refusedByStore(result)
      : answer(200, { id: runId, message: "The run was deleted." });
  },
});
