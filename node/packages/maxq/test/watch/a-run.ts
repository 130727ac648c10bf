import type { RunEvent, Stage, StageStatus, Step, StepStatus } from "@maxq/core";

/** When the runs of these tests begin, epoch ms. */
export const start = 1_000_000;

export function aStage(name: string, steps: number): Stage {
  const counts = { pending: steps, running: 0, completed: 0, failed: 0, cancelled: 0, aborted: 0 };
  return { name, status: "running", counts, createdAt: start, startedAt: start, completedAt: null } as Stage;
}

export function aStep(id: string, name = id): Step {
  return { id, name, status: "pending", attempt: 0, startedAt: null, completedAt: null } as Step;
}

export function aStepEvent(id: string, status: StepStatus, at = start): RunEvent {
  return { id: "1.0", at, type: "step", data: { id, status, attempt: 1 } };
}

export function aStageEvent(name: string, status: StageStatus, at = start): RunEvent {
  return { id: "1.1", at, type: "stage", data: { name, status } };
}
