import { getRunQuerySchema, listRunsQuerySchema, runListSchema, runWithStagesSchema } from "@maxq/core";
import { outside } from "../../access/scope.js";
import { answer, refuse } from "../../answer/answer.js";
import { waitForRun } from "../../wait/for-run.js";
import { withDeadline } from "../../wait/with-deadline.js";
import { answerPage, given, pageOf } from "../page.js";
import { route } from "../route.js";
import { noSuchRun } from "./not-found.js";
import { viewRun } from "./view.js";

export const listRuns = route({
  method: "get",
  path: "/runs",
  operationId: "listRuns",
  summary: "List runs, newest first; with a script's token, those that its run started",
  tag: "runs",
  scope: "any",
  takesMetadataFilters: true,
  query: listRunsQuerySchema,
  answers: { 200: runListSchema },
  handle: async ({ query, caller, metadata }, { store }) => {
    const { limit, offset, cursor, ...filter } = query;
    const own = caller.full ? undefined : caller.script?.runId;
    const { parentRunId = own } = filter;
    if (own !== undefined && parentRunId !== own) return refuse(outside());
    const wanted = given({ ...filter, parentRunId, metadata });
    return answerPage(await store.listRuns(wanted, pageOf({ limit, offset, cursor })), query);
  },
});

export const getRun = route({
  method: "get",
  path: "/runs/{runId}",
  operationId: "getRun",
  summary: "A run with its stages; may wait for a change of its status",
  tag: "runs",
  scope: "read",
  query: getRunQuerySchema,
  answers: { 200: runWithStagesSchema },
  handle: async ({ params: { runId }, query: { wait }, signal }, services) => {
    let run = await services.store.getRun(runId);
    if (run !== null && wait !== undefined && run.completedAt === null) {
      const before = run.status;
      run = await withDeadline(signal, wait * 1000, (until) =>
        waitForRun(services, runId, ({ status }) => status !== before, until),
      );
    }
    return run === null ? noSuchRun(runId) : answer(200, await viewRun(run, services.store));
  },
});
