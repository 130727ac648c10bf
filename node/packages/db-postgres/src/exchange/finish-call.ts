import { optionRow, type ExchangeRequest, type Params } from "@maxq/db";
import type { StagePlan } from "@maxq/core";
import { callRow } from "./call.js";
import { onlyOutcome } from "./finish-step.js";
import { outputRows } from "./parameters.js";

/** The request of stages in sequence, as its own function takes it: one flow call that asks for a stage whose steps can all start at once. Null: it is another. */
export function finishedCall(request: ExchangeRequest): Params | null {
  const outcome = onlyOutcome(request);
  if (outcome?.document?.reason !== "stage" || !startsAtOnce(outcome.document.plan, request.freeSteps))
    return null;
  return {
    workerKey: request.workerKey,
    round: request.round,
    call: JSON.stringify(callRow(outcome)),
    outputs: outputRows(request.outcomes),
    freeSteps: request.freeSteps,
    aheadSteps: request.aheadSteps,
    freeCalls: request.freeCalls,
  };
}

function startsAtOnce({ steps, gates }: StagePlan, freeSteps: number): boolean {
  return (
    steps.length <= freeSteps &&
    gates.length === 0 &&
    steps.every((step) => step.dependencies === 0 && optionRow(step).length === 0)
  );
}
