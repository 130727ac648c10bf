import { problem, type FlowDocument, type StepOutput } from "@maxq/core";
import type { ClaimedTask, Outcome } from "@maxq/db";

/** Exit 0. Of a flow call with a document: what it printed. */
export function success(task: ClaimedTask, change: Partial<Outcome> = {}): Outcome {
  const { key, attempt, kind, runId, stageKey } = task;
  return {
    key,
    attempt,
    kind,
    runId,
    stageKey,
    result: "success",
    killedBy: null,
    exitCode: 0,
    signal: null,
    problem: null,
    durationMs: 5,
    cpuMs: 1,
    maxRssBytes: 1_000_000,
    output: null,
    fields: null,
    warnings: [],
    document: kind === "flow" ? { reason: "none" } : null,
    ...change,
  };
}

/** flow.sh ended well and asked for this. */
export function printed(call: ClaimedTask, document: FlowDocument, change: Partial<Outcome> = {}): Outcome {
  return success(call, { document, ...change });
}

/** Exit 1. */
export function failure(task: ClaimedTask, change: Partial<Outcome> = {}): Outcome {
  const what = task.kind === "flow" ? ("FLOW_FAILED" as const) : ("STEP_FAILED" as const);
  return success(task, {
    result: "failure",
    exitCode: 1,
    problem: problem(what, `${task.id} exited with code 1`, { exitCode: 1 }),
    document: null,
    ...change,
  });
}

/** Killed because its run is aborted. */
export function aborted(task: ClaimedTask): Outcome {
  return success(task, {
    result: "aborted",
    killedBy: "abort",
    exitCode: null,
    signal: "SIGTERM",
    document: null,
  });
}

/** Killed because its worker drains. */
export function handedBack(task: ClaimedTask): Outcome {
  return success(task, {
    result: "handed_back",
    killedBy: "drain",
    exitCode: null,
    signal: "SIGTERM",
    document: null,
  });
}

/** Killed because its worker had not renewed its lease in time. */
export function fenced(task: ClaimedTask): Outcome {
  return { ...handedBack(task), killedBy: "fence", signal: "SIGKILL" };
}

/** Its launcher died. */
export function lost(task: ClaimedTask): Outcome {
  return success(task, { result: "lost", exitCode: null, document: null });
}

/** What a script that printed this left behind. */
export function output(stdout: string, stderr = ""): StepOutput {
  return {
    stdout,
    stderr,
    stdoutBytes: Buffer.byteLength(stdout),
    stderrBytes: Buffer.byteLength(stderr),
    stdoutTruncated: false,
    stderrTruncated: false,
  };
}
