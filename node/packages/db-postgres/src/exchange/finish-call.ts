import type { ExchangeRequest, Params } from "@maxq/db";
import { planRow, startsAtOnce } from "../stage/plan-row.js";
import { callRow } from "./call.js";
import { onlyOutcome } from "./finish-step.js";
import { outputRows } from "./parameters.js";

/** The request of stages in sequence, as its own function takes it: one flow call that asks for a stage whose steps can all start at once. Null: it is another. */
export function finishedCall(request: ExchangeRequest): Params | null {
  const outcome = onlyOutcome(request);
  if (outcome?.document?.reason !== "stage") return null;
  const { plan } = outcome.document;
  if (plan.steps.length > request.freeSteps || !startsAtOnce(plan)) return null;
  return {
    workerKey: request.workerKey,
    round: request.round,
    call: JSON.stringify(callRow(outcome)),
    plan: JSON.stringify(planRow(plan)),
    outputs: outputRows(request.outcomes),
    freeSteps: request.freeSteps,
    aheadSteps: request.aheadSteps,
    freeCalls: request.freeCalls,
  };
}
