import type { ScriptEnd } from "@maxq/core";
import type { ClaimedTask, LeaseView } from "@maxq/db";

const nothing = { text: "", bytes: 0, truncated: false };

/** A script that exited with 0 and said nothing. */
export function anEnd(parts: Partial<ScriptEnd> = {}): ScriptEnd {
  return {
    end: { reason: "exited", exitCode: 0 },
    killedBy: null,
    stdout: nothing,
    stderr: nothing,
    durationMs: 1,
    cpuMs: null,
    maxRssBytes: null,
    output: null,
    ...parts,
  };
}

/** What was captured whole. */
export function captured(text: string): ScriptEnd["stdout"] {
  return { text, bytes: Buffer.byteLength(text), truncated: false };
}

/** A step of run `r`. */
export function aTask(key: number, parts: Partial<ClaimedTask> = {}): ClaimedTask {
  return {
    key,
    attempt: 1,
    kind: "step",
    runId: "r",
    flowName: "f",
    id: `s${key}`,
    name: "work",
    stageName: "stage",
    stageKey: 1,
    sequence: 0,
    env: {},
    timeoutMs: null,
    completedStage: "",
    failedStage: "",
    control: null,
    waitedMs: 0,
    ...parts,
  };
}

/** Another worker. */
export function aLease(parts: Partial<LeaseView> = {}): LeaseView {
  return {
    workerKey: 7,
    id: "other/1",
    host: "other",
    bootId: "b",
    pid: 1,
    pidStartedAt: "1",
    mark: "",
    renewals: 3,
    leaseMs: 6000,
    ...parts,
  };
}
