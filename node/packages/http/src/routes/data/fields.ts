import {
  fieldsAnswerSchema,
  fieldsBodySchema,
  fieldsListSchema,
  jsonBytes,
  listFieldsQuerySchema,
  overLimit,
} from "@maxq/core";
import type { FieldsPage } from "@maxq/db";
import { answer, refuse, refusedByStore, type StreamAnswer } from "../../answer/answer.js";
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
    const read = (after?: number) => store.listFields(runId, stepId ?? null, fieldName ?? null, after);
    const first = await read();
    if (first === null) return noSuchRun(runId);
    return first.next === null ? answer(200, { fields: first.data }) : streamFields(first, read);
  },
});

/** What is too much to be held at once is written step by step. */
function streamFields(first: FieldsPage, read: (after: number) => Promise<FieldsPage | null>): StreamAnswer {
  const write: StreamAnswer["write"] = async (writer) => {
    let before = '{"fields":[';
    for (let page = first; ;) {
      for (const step of page.data) {
        if (!(await writer.write(before + JSON.stringify(step)))) return "cut off";
        before = ",";
      }
      if (page.next === null) break;
      const next = await read(page.next);
      // The run was deleted: what is left to read is gone.
      if (next === null) return "cut off";
      page = next;
    }
    return (await writer.write("]}\n")) ? "whole" : "cut off";
  };
  return { reason: "stream", contentType: "application/json; charset=utf-8", write };
}
