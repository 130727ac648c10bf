import {
  fieldsAnswerSchema,
  fieldsBodySchema,
  fieldsListSchema,
  jsonBytes,
  listFieldsQuerySchema,
  overLimit,
} from "@maxq/core";
import { answer, refuse, refusedByStore } from "../../answer/answer.js";
import { route } from "../route.js";
import { noSuchRun } from "../runs/not-found.js";

export const postFields = route({
  method: "post",
  path: "/runs/{runId}/steps/{stepId}/fields",
  operationId: "postFields",
  summary: "Merge fields into a step's, key by key",
  tag: "data",
  scope: "write",
  body: fieldsBodySchema,
  answers: { 200: fieldsAnswerSchema },
  handle: async ({ params: { runId, stepId }, body: { fields }, fence }, { store, limits }) => {
    const bytes = jsonBytes(fields);
    if (bytes > limits.fieldBytes)
      return refuse(overLimit(limits, "fieldBytes", "The fields", bytes, "fields"));
    const result = await store.mergeFields(runId, stepId, fields, fence, limits);
    return result.reason === "refused"
      ? refusedByStore(result)
      : answer(200, { id: stepId, runId, fields: result.fields });
  },
});

export const listFields = route({
  method: "get",
  path: "/runs/{runId}/fields",
  operationId: "listFields",
  summary: "Fields of a run's steps",
  tag: "data",
  scope: "read",
  query: listFieldsQuerySchema,
  answers: { 200: fieldsListSchema },
  handle: async ({ params: { runId }, query: { stepId, fieldName } }, { store }) => {
    const fields = await store.listFields(runId, stepId ?? null, fieldName ?? null);
    return fields === null ? noSuchRun(runId) : answer(200, { fields });
  },
});
