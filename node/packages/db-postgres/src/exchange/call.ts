import type { ExchangeRequest } from "@maxq/db";
import { optionRow } from "@maxq/db";
import type { StagePlan } from "@maxq/core";

type Outcome = ExchangeRequest["outcomes"][number];

/** Whether the function can record this end of a flow call. */
export function acceptsCall({ document, exitCode }: Outcome): boolean {
  if (exitCode === null) return false;
  switch (document?.reason) {
    case undefined:
    case "none":
    case "final":
      return true;
    case "stage":
      return acceptsPlan(document.plan);
    case "invalid":
      return false;
  }
}

function acceptsPlan(plan: StagePlan): boolean {
  const [first] = plan.steps;
  return (
    first !== undefined &&
    plan.maxParallel === null &&
    plan.external.length === 0 &&
    plan.steps.every((step) => step.priority === first.priority)
  );
}

/** A flow call for the function. JSON values that are stored as they are go as text. */
export function callRow(outcome: Outcome): object {
  const { key, attempt, runId, exitCode, durationMs, cpuMs, maxRssBytes, document } = outcome;
  const row = { key, attempt, runId, exitCode, durationMs: Math.round(durationMs), cpuMs, maxRssBytes };
  if (document?.reason === "stage") return { ...row, asks: "stage", plan: planRow(document.plan) };
  if (document?.reason !== "final") return { ...row, asks: "none" };
  const output = document.output === undefined ? null : JSON.stringify(document.output);
  return { ...row, asks: "final", output };
}

function planRow(plan: StagePlan): object {
  let ready = 0;
  const steps = plan.steps.map((step) => ({
    id: step.id,
    name: step.name,
    sequence: step.sequence,
    deps: step.dependencies,
    gate: step.gate,
    retries: step.maxRetries,
    place: step.dependencies === 0 ? ++ready : null,
  }));
  return {
    stage: plan.stage,
    final: plan.final,
    failFast: plan.failFast,
    recover: plan.recover,
    output: plan.output === undefined ? null : JSON.stringify(plan.output),
    hash: plan.hash,
    priority: plan.steps[0]!.priority,
    ready,
    steps,
    options: plan.steps.flatMap((step, index) => optionRow(step).map((option) => ({ ...option, index }))),
    gates: plan.gates,
    stepEdges: plan.stepEdges,
    gateEdges: plan.gateEdges,
  };
}
