import type { ScriptAccess, ScriptStart } from "@maxq/core";
import type { AttemptRef } from "@maxq/db";
import type { HeldTask } from "./held-task.js";

/** Makes the token of one attempt and the URL that carries it. */
export type IssueAccess = (runId: string, attempt: AttemptRef) => ScriptAccess;

/** What the runner needs to start a task. `steps`: how many may run at a time. */
export function prepareScript(
  { task, attemptKey }: HeldTask,
  issueAccess: IssueAccess,
  steps: number,
): ScriptStart {
  const access = issueAccess(task.runId, { key: task.key, attempt: task.attempt });
  return {
    kind: task.kind,
    runId: task.runId,
    flowName: task.flowName,
    attemptKey,
    attempt: task.attempt,
    stepId: task.id,
    stepName: task.name,
    stageName: task.stageName,
    sequence: task.sequence,
    completedStage: task.completedStage,
    failedStage: task.failedStage,
    env: task.env,
    api: access.api,
    apiKey: access.apiKey,
    timeoutMs: task.timeoutMs,
    bound: task.kind === "step" ? steps : null,
  };
}
