import type { Step, StepOutput } from "@maxq/core";
import type { Services } from "../../app/services.js";

/** Output of a step's last attempt: what was captured of it; while it runs in this process, what it has printed so far. */
export async function outputNow(
  { step, output }: { readonly step: Step; readonly output: StepOutput },
  { liveOutput }: Pick<Services, "liveOutput">,
): Promise<StepOutput> {
  if (liveOutput === null || step.status !== "running") return output;
  return (await liveOutput.soFar(step.runId, step.id)) ?? output;
}
