import type { PlannedStep } from "@maxq/core";

/** What a step has beside its row, as `step_option` keeps it but for the key; nothing if it is all as by default. */
export function optionRow(step: PlannedStep): object[] {
  const env = JSON.stringify(step.env);
  const plain =
    step.dependsOn.length === 0 &&
    env === "{}" &&
    step.timeoutMs === null &&
    step.retryDelayMs === 0 &&
    step.retryBackoff === "fixed" &&
    step.onLost === "retry" &&
    !step.allowFailure;
  if (plain) return [];
  return [
    {
      deps: JSON.stringify(step.dependsOn),
      env,
      timeout: step.timeoutMs,
      delay: step.retryDelayMs,
      backoff: step.retryBackoff,
      lost: step.onLost,
      allow: step.allowFailure,
    },
  ];
}
