import type { ExchangeRequest, Params } from "@maxq/db";
import { callRow } from "./call.js";
import { tellsOnly } from "./finish-step.js";
import { outputRows } from "./parameters.js";

/** The request of stages that calls ask for over HTTP, as its own function takes it: a call that printed no stage, and a step of its run. Null: it is another. */
export function finishedStage(request: ExchangeRequest): Params | null {
  const { outcomes } = request;
  if (outcomes.length !== 2 || !tellsOnly(request)) return null;
  const call = outcomes.find(({ kind }) => kind === "flow");
  const step = outcomes.find(({ kind }) => kind === "step");
  if (call === undefined || step?.runId !== call.runId || Object.keys(step.fields ?? {}).length > 0)
    return null;
  if (call.document?.reason !== "none" && call.document?.reason !== "invalid") return null;
  return {
    workerKey: request.workerKey,
    round: request.round,
    key: step.key,
    attempt: step.attempt,
    duration: Math.round(step.durationMs),
    cpu: step.cpuMs,
    rss: step.maxRssBytes,
    stage: step.stageKey,
    run: step.runId,
    call: JSON.stringify(callRow(call)),
    outputs: outputRows(outcomes),
    freeSteps: request.freeSteps,
    aheadSteps: request.aheadSteps,
    freeCalls: request.freeCalls,
  };
}
