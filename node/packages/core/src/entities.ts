import type { Problem } from "./problem.js";
import type { RunStatus, StageStatus, StepStatus } from "./states.js";

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A run as the API answers it. Times are epoch ms on the database's clock. */
export interface Run {
  readonly id: string;
  readonly flowName: string;
  readonly status: RunStatus;
  readonly input: Json;
  readonly output: Json;
  readonly error: Problem | null;
  readonly metadata: Json;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** From start to end, or to now while it runs; null before the start. */
  readonly durationMs: number | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly flowTitle: string | null;
  /** Short word for why it ended otherwise than completed, e.g. `step_failed`, `flow_failed`, `aborted`, `timeout`; null else. */
  readonly terminationReason: string | null;
  readonly priority: number;
  readonly timeoutMs: number | null;
  readonly parentRunId: string | null;
  readonly retryOf: string | null;
}

/** How many steps are in each state. */
export type StepCounts = Readonly<Record<StepStatus, number>>;

/** A stage as clients see it. Times are epoch milliseconds, null where it did not happen yet. */
export interface Stage {
  readonly name: string;
  readonly status: StageStatus;
  readonly final: boolean;
  readonly failFast: boolean;
  readonly recover: boolean;
  readonly maxParallel: number | null;
  /** Scheduled by a failure callback that a retry made void: kept as history. */
  readonly superseded: boolean;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly counts: StepCounts;
}

/** A step without its output. A flow call has `stageName` and `name` "" and an id `flow:<n>`. */
export interface Step {
  readonly id: string;
  readonly runId: string;
  readonly stageName: string;
  readonly name: string;
  readonly sequence: number;
  readonly status: StepStatus;
  readonly dependsOn: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly priority: number;
  /** The last attempt's number, 0 before the first. */
  readonly attempt: number;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly retryBackoff: "fixed" | "exponential";
  readonly timeoutMs: number | null;
  readonly onLost: "retry" | "fail";
  readonly allowFailure: boolean;
  /** As its stage: kept as history, and another step may have its id. */
  readonly superseded: boolean;
  readonly createdAt: number;
  /** Of the last attempt. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly durationMs: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly error: Problem | null;
  readonly cpuMs: number | null;
  readonly maxRssBytes: number | null;
  readonly workerId: string | null;
}

/** One start of a step's process. */
export interface Attempt {
  readonly attempt: number;
  readonly status: StepStatus;
  readonly workerId: string | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** `failed`, `timeout`, `worker_lost`, `drain`, `fenced`, `aborted`, `not_started`; null if it completed or runs. */
  readonly reason: string | null;
  readonly error: Problem | null;
  readonly cpuMs: number | null;
  readonly maxRssBytes: number | null;
}

/** What was captured of an attempt. */
export interface StepOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
}

/** What a step left in its fields, with enough of the step to know it by. */
export interface StepFields {
  readonly stepId: string;
  readonly stepName: string;
  readonly stageName: string;
  readonly status: StepStatus;
  readonly fields: Readonly<Record<string, Json>>;
  readonly completedAt: number | null;
}

/** A JSON value that a run keeps under a name. Times are epoch milliseconds. */
export interface Artifact {
  readonly name: string;
  readonly runId: string;
  readonly data: Json;
  /** 1 at first, plus one with each replacement. */
  readonly version: number;
  readonly bytes: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Of a run's own log, which scripts write to; not the engine's. */
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];
/** What an entry of a run's log may be about. */
export const logEntityTypes = ["run", "stage", "step", "flow"] as const;
export type LogEntityType = (typeof logEntityTypes)[number];

/** An entry of a run's log; `id` orders them within the run. `createdAt` is in epoch milliseconds. */
export interface RunLog {
  readonly id: number;
  readonly runId: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly entityType: LogEntityType;
  readonly entityId: string | null;
  readonly metadata: Json;
  readonly createdAt: number;
}

/** One state change or log line of a run. `id` orders them and is what `Last-Event-ID` takes: `<batch>.<index>`. */
export interface RunEvent {
  readonly id: string;
  readonly at: number;
  readonly type: "run" | "stage" | "step" | "flow" | "log";
  /** What changed: `{status, …}` with the noun's id or name. */
  readonly data: Json;
}

/** A process that works on runs, as its registration and last renewal say. Times are epoch milliseconds. */
export interface Worker {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly role: string;
  readonly slots: number;
  readonly running: number;
  readonly launcher: string;
  /** What holds the processes of its scripts together: `cgroup`, `subreaper` or `none`. */
  readonly containment: string;
  readonly version: string;
  readonly registeredAt: number;
  readonly lastHeartbeatAt: number;
  readonly status: "live" | "draining" | "lost";
}
