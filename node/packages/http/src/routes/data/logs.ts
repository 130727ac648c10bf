import {
  jsonBytes,
  listLogsQuerySchema,
  logBodySchema,
  logsListSchema,
  overLimit,
  runLogSchema,
} from "@maxq/core";
import { answer, refuse, refusedByStore } from "../../answer/answer.js";
import { given, noSuchCursor, pageOf } from "../page.js";
import { route } from "../route.js";
import { noSuchRun } from "../runs/not-found.js";

export const appendLog = route({
  method: "post",
  path: "/runs/{runId}/logs",
  operationId: "appendLog",
  summary: "Add a line to a run's log",
  tag: "data",
  scope: "write",
  body: logBodySchema,
  answers: { 201: runLogSchema },
  handle: async ({ params: { runId }, body, fence }, { store, limits }) => {
    const metadata = body.metadata ?? null;
    const bytes = Buffer.byteLength(body.message) + (metadata === null ? 0 : jsonBytes(metadata));
    if (bytes > limits.logBytes) return refuse(overLimit(limits, "logBytes", "The log line", bytes));
    const { level = "info", message, entityType = "run", entityId = null } = body;
    const result = await store.appendLog(runId, { level, message, entityType, entityId, metadata }, fence);
    return result.reason === "refused" ? refusedByStore(result) : answer(201, result.log);
  },
});

export const listLogs = route({
  method: "get",
  path: "/runs/{runId}/logs",
  operationId: "listLogs",
  summary: "A run's log, newest first",
  tag: "data",
  scope: "read",
  query: listLogsQuerySchema,
  answers: { 200: logsListSchema },
  handle: async ({ params: { runId }, query: { limit, offset, cursor, ...filter } }, { store }) => {
    const page = await store.listLogs(runId, given(filter), pageOf({ limit, offset, cursor }));
    const { data, nextCursor } = page;
    if (data.length === 0 && (await store.getRun(runId)) === null) return noSuchRun(runId);
    if (page.strayCursor) return noSuchCursor();
    return answer(200, { logs: data, count: data.length, nextCursor });
  },
});
