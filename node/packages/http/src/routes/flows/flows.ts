import { flowDetailSchema, flowListSchema, problem } from "@maxq/core";
import { answer, refuse } from "../../answer/answer.js";
import { answerAll, given } from "../page.js";
import { route } from "../route.js";

const recentRuns = 10;

export const listFlows = route({
  method: "get",
  path: "/flows",
  operationId: "listFlows",
  summary: "List the flows on disk, with what is wrong with them",
  tag: "flows",
  scope: "any",
  answers: { 200: flowListSchema },
  handle: async (_call, { flows }) => answerAll(await flows.list()),
});

export const getFlow = route({
  method: "get",
  path: "/flows/{flowName}",
  operationId: "getFlow",
  summary: "A flow with its last runs; with a script's token, those that its run started",
  tag: "flows",
  scope: "any",
  answers: { 200: flowDetailSchema },
  handle: async ({ params: { flowName }, caller }, { flows, store }) => {
    const flow = await flows.describe(flowName);
    if (flow === null) {
      const shown = JSON.stringify(flowName.slice(0, 128));
      return refuse(problem("FLOW_NOT_FOUND", `There is no flow ${shown}. \`GET /flows\` lists them.`));
    }
    const parentRunId = caller.full ? undefined : caller.script?.runId;
    const page = { limit: recentRuns, offset: 0, cursor: null };
    const runs = await store.listRuns(given({ flowName, parentRunId }), page);
    return answer(200, { ...flow, recentRuns: runs.data });
  },
});
