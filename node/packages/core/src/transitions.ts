import type { RunStatus, StageStatus, StepStatus } from "./states.js";

/** A legal move. `from` null: it comes into being. */
export interface Transition<Status extends string> {
  readonly from: Status | null;
  readonly to: Status;
  /** What moves it. */
  readonly verb: string;
  /** Under which condition. */
  readonly when: string;
}

/** The nouns that have states. A flow call moves as a step does. */
export interface StatusOf {
  readonly run: RunStatus;
  readonly stage: StageStatus;
  readonly step: StepStatus;
}

/** `run`, `stage` or `step`. */
export type Noun = keyof StatusOf;

/** Every legal move of every noun. `docs/state-machine.md` is rendered from this; what is not here must not happen. */
export const transitions: { readonly [N in Noun]: readonly Transition<StatusOf[N]>[] } = {
  run: [
    { from: null, to: "pending", verb: "create", when: "it is triggered" },
    {
      from: "pending",
      to: "running",
      verb: "claim",
      when: "its first flow call, or a step of it, is claimed; or a client ends it before that, by a final stage without steps",
    },
    { from: "pending", to: "paused", verb: "pause", when: "someone pauses it" },
    { from: "running", to: "paused", verb: "pause", when: "someone pauses it; what runs finishes" },
    { from: "paused", to: "pending", verb: "resume", when: "nothing of it was ever claimed" },
    { from: "paused", to: "running", verb: "resume", when: "something of it was claimed before" },
    {
      from: "running",
      to: "completed",
      verb: "complete",
      when: "no stage is open, no flow call is running or due, and every failure was handled",
    },
    {
      from: "running",
      to: "failed",
      verb: "fail",
      when: "a failure was not handled, and its last process is gone",
    },
    {
      from: "paused",
      to: "failed",
      verb: "fail",
      when: "what was running failed or its timeout passed, and its last process is gone",
    },
    {
      from: "pending",
      to: "failed",
      verb: "fail",
      when: "its timeout passed before its first flow call was claimed",
    },
    { from: "pending", to: "aborted", verb: "abort", when: "someone aborts it" },
    {
      from: "running",
      to: "aborted",
      verb: "abort",
      when: "someone aborted it, and its last process is gone",
    },
    {
      from: "paused",
      to: "aborted",
      verb: "abort",
      when: "someone aborted it, and its last process is gone",
    },
    { from: "failed", to: "running", verb: "retry", when: "someone retries it or a step of it" },
    {
      from: "failed",
      to: "pending",
      verb: "retry",
      when: "someone retries it, and its first flow call never ran",
    },
    { from: "aborted", to: "running", verb: "retry", when: "someone retries it or a step of it" },
    {
      from: "aborted",
      to: "pending",
      verb: "retry",
      when: "someone retries it, and its first flow call never ran",
    },
    {
      from: "completed",
      to: "running",
      verb: "retry",
      when: "someone retries a step of it, whose failure was allowed or handled",
    },
  ],
  stage: [
    { from: null, to: "pending", verb: "schedule", when: "a flow call or a client schedules it" },
    { from: "pending", to: "running", verb: "claim", when: "the first of its steps is claimed" },
    { from: "pending", to: "completed", verb: "complete", when: "it has no steps" },
    {
      from: "running",
      to: "completed",
      verb: "complete",
      when: "all its steps are over, and each completed or was allowed to fail",
    },
    {
      from: "running",
      to: "failed",
      verb: "fail",
      when: "a step failed for good, and none is running or will run",
    },
    {
      from: "pending",
      to: "failed",
      verb: "fail",
      when: "its steps are over, none of them ever ran, and not all ended well",
    },
    {
      from: "pending",
      to: "aborted",
      verb: "abort",
      when: "its run is aborted or failed before any of its steps was claimed",
    },
    {
      from: "running",
      to: "aborted",
      verb: "abort",
      when: "its run is aborted or failed, and its last process is gone",
    },
    { from: "failed", to: "running", verb: "retry", when: "someone retries its run or a step of it" },
    {
      from: "failed",
      to: "pending",
      verb: "retry",
      when: "someone retries its run, and none of its steps ever ran",
    },
    { from: "aborted", to: "running", verb: "retry", when: "someone retries its run or a step of it" },
    {
      from: "aborted",
      to: "pending",
      verb: "retry",
      when: "someone retries its run, and none of its steps ever ran",
    },
    {
      from: "completed",
      to: "running",
      verb: "retry",
      when: "someone retries a step of it whose failure was allowed, or resets one by a cascade",
    },
  ],
  step: [
    {
      from: null,
      to: "pending",
      verb: "schedule",
      when: "its stage is scheduled; a flow call: its run begins or a stage is over",
    },
    {
      from: "pending",
      to: "running",
      verb: "claim",
      when: "what it depends on is over and a worker has a slot",
    },
    {
      from: "running",
      to: "completed",
      verb: "complete",
      when: "it exits 0 and was not killed by an abort or a timeout",
    },
    {
      from: "running",
      to: "failed",
      verb: "fail",
      when: "its process failed or timed out, and no retry is left or its stage starts nothing more; or its worker was lost too often",
    },
    {
      from: "running",
      to: "aborted",
      verb: "abort",
      when: "it was killed because its run is aborted or failed",
    },
    {
      from: "running",
      to: "pending",
      verb: "again",
      when: "its process failed and a retry is left, its worker was lost, or it was handed back (drain, a lease that was not renewed in time, or claimed and not started)",
    },
    {
      from: "running",
      to: "cancelled",
      verb: "cancel",
      when: "it was handed back or its worker was lost, and its stage or run starts nothing more",
    },
    {
      from: "pending",
      to: "cancelled",
      verb: "cancel",
      when: "a step that it depends on failed, or its stage or run starts nothing more",
    },
    { from: "pending", to: "aborted", verb: "abort", when: "its run is aborted" },
    { from: "failed", to: "pending", verb: "retry", when: "someone retries it or its run" },
    {
      from: "cancelled",
      to: "pending",
      verb: "retry",
      when: "someone retries it, its run, or with `cascade` a step that it depends on",
    },
    {
      from: "aborted",
      to: "pending",
      verb: "retry",
      when: "someone retries it, its run, or with `cascade` a step that it depends on",
    },
    {
      from: "completed",
      to: "pending",
      verb: "retry",
      when: "someone retries with `cascade` a step that it depends on",
    },
  ],
};

/** Whether a noun may go from one state to another at all. Staying is no move. */
export function canMove<N extends Noun>(noun: N, from: StatusOf[N] | null, to: StatusOf[N]): boolean {
  return transitions[noun].some((move) => move.from === from && move.to === to);
}

const over: readonly string[] = ["completed", "failed", "cancelled", "aborted"];

/** Whether a state is final: nothing but a retry leaves it. */
export function isOver(status: RunStatus | StageStatus | StepStatus): boolean {
  return over.includes(status);
}
