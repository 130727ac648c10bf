import { retryStepQuerySchema, stepRetryAnswerSchema } from "@maxq/core";
import { answer, refusedByStore } from "../../answer/answer.js";
import { route } from "../route.js";

export const retryStep = route({
  method: "post",
  path: "/runs/{runId}/steps/{stepId}/retry",
  operationId: "retryStep",
  summary:
    "Run a failed, cancelled or aborted step again; `cascade` also resets every step that depends on it",
  tag: "steps",
  scope: "control",
  query: retryStepQuerySchema,
  answers: { 200: stepRetryAnswerSchema },
  handle: async ({ params: { runId, stepId }, query }, { store }) => {
    const result = await store.retryStep(runId, stepId, query.cascade ?? false);
    if (result.reason === "refused") return refusedByStore(result);
    const { step, cascadedSteps } = result;
    const others = cascadedSteps.length === 0 ? "" : `, and ${cascadedSteps.length} that depend on it`;
    return answer(200, { step, cascadedSteps, message: `Step ${step.id} will run again${others}.` });
  },
});
