import { workerListSchema } from "@maxq/core";
import { answerAll } from "../page.js";
import { route } from "../route.js";

export const listWorkers = route({
  method: "get",
  path: "/workers",
  operationId: "listWorkers",
  summary: "The processes that claim and execute",
  tag: "server",
  scope: "server",
  answers: { 200: workerListSchema },
  handle: async (_call, { store }) => answerAll(await store.listWorkers()),
});
