/** A run's status. `paused` stands beside pending and running. */
export const runStatuses = ["pending", "running", "paused", "completed", "failed", "aborted"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** The status of a stage. */
export const stageStatuses = ["pending", "running", "completed", "failed", "aborted"] as const;
export type StageStatus = (typeof stageStatuses)[number];

/** The status of a step, and of a flow call, which is stored and executed as a step of kind `flow`. */
export const stepStatuses = ["pending", "running", "completed", "failed", "cancelled", "aborted"] as const;
export type StepStatus = (typeof stepStatuses)[number];

/** The word that is committed on a run before its rows are swept: nothing new is claimed while one stands. */
export type ControlWord = "pause" | "abort" | "fail";
