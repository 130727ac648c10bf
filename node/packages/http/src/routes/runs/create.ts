import { runCreateBodySchema, runWithStagesSchema, triggerBodySchema } from "@maxq/core";
import { route, type RouteFacts } from "../route.js";
import { triggerRun } from "./trigger.js";

const facts = {
  method: "post",
  tag: "runs",
  scope: "trigger",
  headers: { "Idempotency-Key": "The same key with the same body starts one run only" },
  answers: { 201: runWithStagesSchema, 200: runWithStagesSchema },
  locations: [200, 201],
} as const satisfies Partial<RouteFacts>;

export const createRun = route({
  ...facts,
  path: "/runs",
  operationId: "createRun",
  summary: "Start a run of a flow",
  body: runCreateBodySchema,
  handle: ({ body: { flowName, ...rest }, ...call }, services) =>
    triggerRun(flowName, rest, { ...call, body: rest }, services),
});

export const createRunOfFlow = route({
  ...facts,
  path: "/flows/{flowName}/runs",
  operationId: "createRunOfFlow",
  summary: "Start a run of this flow",
  body: triggerBodySchema,
  handle: (call, services) => triggerRun(call.params.flowName, call.body, call, services),
});
