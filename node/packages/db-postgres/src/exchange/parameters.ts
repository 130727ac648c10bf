import { fieldRows, plainText, type ExchangeRequest, type Params } from "@maxq/db";
import type { Floor } from "./answer.js";
import { callRow, planOf } from "./call.js";

/** A request as the function takes it. */
export function parameters(request: ExchangeRequest, floor: Floor | null): Params {
  const { outcomes } = request;
  const steps = outcomes.filter(({ kind }) => kind === "step").sort((a, b) => a.key - b.key);
  const calls = outcomes.filter(({ kind }) => kind === "flow");
  const fields = steps.flatMap(({ key, fields }) => fieldRows(fields ?? {}).map((row) => ({ key, ...row })));
  const plans = calls.map(planOf);
  const stages = new Map<number, number>();
  for (const { stageKey } of steps) stages.set(stageKey!, (stages.get(stageKey!) ?? 0) + 1);
  const runIds = new Set([...outcomes, ...request.started].map(({ runId }) => runId));
  return {
    workerKey: request.workerKey,
    round: request.round,
    keys: steps.map((outcome) => outcome.key),
    attempts: steps.map((outcome) => outcome.attempt),
    stages: steps.map((outcome) => outcome.stageKey!),
    durations: steps.map((outcome) => Math.round(outcome.durationMs)),
    cpu: steps.map((outcome) => outcome.cpuMs),
    rss: steps.map((outcome) => outcome.maxRssBytes),
    stageKeys: [...stages.keys()],
    stageCounts: [...stages.values()],
    runIds: [...runIds],
    calls: json(calls.map(callRow)),
    plans: plans.some((plan) => plan !== null) ? JSON.stringify(plans) : null,
    started: request.started.map(({ key }) => key),
    outputs: outputRows(outcomes),
    fields: json(fields),
    freeSteps: request.freeSteps,
    aheadSteps: request.aheadSteps,
    freeCalls: request.freeCalls,
    lookForSteps: request.lookForSteps,
    lookForCalls: request.lookForCalls,
    floorPriority: floor?.priority ?? null,
    floor: floor?.no ?? null,
  };
}

/** What they printed, as JSON rows; null if none of it is to be stored. */
export function outputRows(outcomes: ExchangeRequest["outcomes"]): string | null {
  return json(
    outcomes.flatMap(({ key, output }) =>
      output === null
        ? []
        : [{ ...output, key, stdout: plainText(output.stdout), stderr: plainText(output.stderr) }],
    ),
  );
}

function json(rows: readonly object[]): string | null {
  return rows.length === 0 ? null : JSON.stringify(rows);
}
