import type { Json, Problem, StagePlan, StepStatus } from "@maxq/core";
import type { AttemptRef, Refused } from "./refs.js";

/** A stage that a request asked for, and its steps as they are now. */
export interface ScheduledStage {
  /** `repeated`: the run had that stage with the same body; nothing was scheduled. */
  readonly reason: "scheduled" | "repeated";
  readonly stage: string;
  /** How many steps were scheduled by this call. */
  readonly scheduled: number;
  readonly steps: readonly { readonly id: string; readonly name: string; readonly status: StepStatus }[];
}

/** Scheduling over HTTP. (A document that flow.sh prints goes in with the flow call's outcome.) */
export interface StageStore {
  /**
   * Stores a whole stage or nothing. Steps without dependencies are ready at once (not on a paused run).
   * `caller` is the attempt whose token made the request, null for a client with a key. If it is a flow call, what was accepted or refused is noted on it
   * in the same transaction: its stdout is log only from then on, and a refusal with nothing accepted after it fails the run when the call ends.
   * Refused: RUN_NOT_FOUND, RUN_OVER, RUN_FINAL, STAGE_CONFLICT, DUPLICATE_STEP (an id of an earlier stage), UNKNOWN_DEPENDENCY, ATTEMPT_OVER.
   */
  scheduleStage(runId: string, plan: StagePlan, caller: AttemptRef | null): Promise<ScheduledStage | Refused>;
  /** Whether the run has a stage of that name that no retry made history: `scheduleStage` will answer that it repeats it, or that its body is another. */
  hasStage(runId: string, stage: string): Promise<boolean>;
  /** Notes on the flow call that a scheduling request of it was refused before it reached the store. Does nothing if `caller` is no live flow call. */
  noteRefusal(caller: AttemptRef, problem: Problem): Promise<void>;
  /** `{"final": true}` over HTTP: nothing more will be scheduled. */
  finishScheduling(
    runId: string,
    output: Json | undefined,
    caller: AttemptRef | null,
  ): Promise<{ readonly reason: "final" } | Refused>;
}
