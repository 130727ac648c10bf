import type { IssueAccess, ScriptStart } from "@maxq/core";
import type { HeldTask } from "./held-task.js";

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
