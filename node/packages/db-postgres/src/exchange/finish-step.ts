import { plainText, type ExchangeRequest, type Params } from "@maxq/db";

/** The request of a chain, as its own function takes it: one step that ended, room for what waits for it, nothing else to tell or to look for. Null: it is another. */
export function finishedStep(request: ExchangeRequest): Params | null {
  const outcome = onlyOutcome(request);
  if (outcome === null || outcome.kind !== "step") return null;
  if (request.freeSteps === 0 || Object.keys(outcome.fields ?? {}).length > 0) return null;
  const { output } = outcome;
  return {
    workerKey: request.workerKey,
    round: request.round,
    key: outcome.key,
    attempt: outcome.attempt,
    duration: Math.round(outcome.durationMs),
    cpu: outcome.cpuMs,
    rss: outcome.maxRssBytes,
    stage: outcome.stageKey,
    run: outcome.runId,
    stdout: output === null ? null : plainText(output.stdout),
    stderr: output === null ? null : plainText(output.stderr),
    stdoutBytes: output?.stdoutBytes ?? null,
    stderrBytes: output?.stderrBytes ?? null,
    stdoutTruncated: output?.stdoutTruncated ?? null,
    stderrTruncated: output?.stderrTruncated ?? null,
    freeSteps: request.freeSteps,
    aheadSteps: request.aheadSteps,
    freeCalls: request.freeCalls,
  };
}

/** What ended, if that is all there is to tell, and nothing is to be looked for. */
export function onlyOutcome(request: ExchangeRequest): ExchangeRequest["outcomes"][number] | null {
  return request.outcomes.length === 1 && tellsOnly(request) ? request.outcomes[0]! : null;
}

/** Outcomes are all there is to tell, and nothing is to be looked for. */
export function tellsOnly({ started, lookForSteps, lookForCalls }: ExchangeRequest): boolean {
  return started.length === 0 && !lookForSteps && !lookForCalls;
}
