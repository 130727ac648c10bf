import { problem, type Problem } from "@maxq/core";
import type { Refused } from "../store/refs.js";

/** An expected refusal of a verb. */
export function refused(reason: Problem): Refused {
  return { reason: "refused", problem: reason };
}

export function runNotFound(runId: string): Refused {
  return refused(problem("RUN_NOT_FOUND", `there is no run ${runId}`, { runId }));
}

export function stepNotFound(runId: string, stepId: string): Refused {
  return refused(
    problem(
      "STEP_NOT_FOUND",
      `run ${runId} has no step ${stepId}; GET /runs/${runId}/steps lists its steps`,
      { runId, stepId },
    ),
  );
}

/** A step that a retry of its run superseded: it is kept to be looked at. */
export function stepIsHistory(stepId: string): Refused {
  return refused(
    problem(
      "STATE_CONFLICT",
      `step ${stepId} is history: a retry of its run superseded it with its stage, and nothing of it changes any more`,
      { stepId, superseded: true },
    ),
  );
}

export function attemptOver(): Refused {
  return refused(
    problem("ATTEMPT_OVER", "the attempt whose token this is has ended: it may not write any more"),
  );
}
