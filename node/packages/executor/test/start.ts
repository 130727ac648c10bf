import type { ScriptStart } from "@maxq/core";

let attempts = 0;

/** A start of a step of flow `f`, with an attempt key of its own. */
export function aStep(differences: Partial<ScriptStart> = {}): ScriptStart {
  return {
    kind: "step",
    runId: "run-1",
    flowName: "f",
    attemptKey: `${++attempts}.1`,
    attempt: 1,
    stepId: "build.compile",
    stepName: "compile",
    stageName: "build",
    sequence: 0,
    completedStage: "",
    failedStage: "",
    env: {},
    api: "http://127.0.0.1:3000/api/v1",
    apiKey: "a-token",
    timeoutMs: null,
    ...differences,
  };
}

/** A call of flow `f`. */
export function aFlowCall(differences: Partial<ScriptStart> = {}): ScriptStart {
  return aStep({ kind: "flow", stepId: "flow:1", stepName: "", stageName: "", ...differences });
}
