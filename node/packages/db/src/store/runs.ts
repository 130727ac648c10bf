import type { Json, Run, RunStatus, Stage, Step, Attempt, StepOutput, StepStatus } from "@maxq/core";
import type { AttemptRef, Page, PageRequest, Refused } from "./refs.js";

/** What a run is made of. */
export interface NewRun {
  readonly flowName: string;
  readonly flowTitle: string | null;
  readonly input: Json;
  readonly metadata: Json;
  readonly priority: number;
  readonly timeoutMs: number | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly parentRunId: string | null;
  /** Same key and same hash: the same run. Same key and another hash: IDEMPOTENCY_CONFLICT. */
  readonly idempotency: Idempotency | null;
}

/** A key that makes one run, and the hash of what it was made of. */
export interface Idempotency {
  readonly key: string;
  readonly bodyHash: string;
}

/** Runs of a list fit all that is given. Times are epoch milliseconds; of several statuses one is enough. */
export interface RunFilter {
  readonly flowName?: string;
  readonly status?: readonly RunStatus[];
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  /** Each key must equal the text of that top-level metadata value. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly parentRunId?: string;
  readonly sortBy?: "createdAt" | "startedAt" | "completedAt";
  /** Default desc. */
  readonly sortOrder?: "asc" | "desc";
}

/** Steps of a list fit all that is given; of several statuses one is enough. */
export interface StepFilter {
  readonly stage?: string;
  readonly status?: readonly StepStatus[];
  readonly name?: string;
}

/** Runs, their control, and what is read about them. Ids are checked by the caller to be UUIDs. */
export interface RunStore {
  /** Stores the run and its first flow call, ready to be claimed, in one transaction. */
  createRun(run: NewRun): Promise<{ readonly reason: "created" | "existing"; readonly run: Run } | Refused>;
  /** What `createRun` answers to a key that made a run before; null if none did. */
  runOfKey(
    idempotency: Idempotency,
  ): Promise<{ readonly reason: "existing"; readonly run: Run } | Refused | null>;
  /** A new run of the same flow, input, metadata, priority and timeout; only of a failed or aborted run. */
  retryAsNewRun(runId: string): Promise<{ readonly reason: "created"; readonly run: Run } | Refused>;
  getRun(runId: string): Promise<Run | null>;
  /** Newest first unless sorted otherwise. Lists leave nothing out of a run. */
  listRuns(filter: RunFilter, page: PageRequest): Promise<Page<Run>>;
  /** The run's input as JSON text; null if there is no such run. Costs no statement the first time where this process made the run. */
  runInput(runId: string): Promise<string | null>;
  /** Changes what is given. */
  patchRun(
    runId: string,
    change: { readonly name?: string | null; readonly description?: string | null; readonly output?: Json },
    caller: AttemptRef | null,
  ): Promise<{ readonly reason: "patched"; readonly run: Run } | Refused>;
  /** Deletes a run that is over (completed, failed, aborted), with everything of it. */
  deleteRun(runId: string): Promise<{ readonly reason: "deleted" } | Refused>;

  /** No new claims; what runs finishes. Idempotent on a paused run. */
  pauseRun(runId: string): Promise<{ readonly reason: "paused"; readonly run: Run } | Refused>;
  /** Goes on exactly there. Idempotent on a run that is not paused and not over. */
  resumeRun(runId: string): Promise<{ readonly reason: "resumed"; readonly run: Run } | Refused>;
  /**
   * Commits the word `abort` and sweeps what is pending. `active` processes (not what is only claimed ahead) are left for their workers to kill;
   * the run is `aborted` when the last is recorded (at once if there is none). Aborting an aborted run changes nothing (`active` 0).
   */
  abortRun(
    runId: string,
  ): Promise<{ readonly reason: "aborting"; readonly run: Run; readonly active: number } | Refused>;
  /** In place (failed or aborted, last process gone): what failed, was aborted or cancelled is pending again. */
  retryRun(runId: string): Promise<{ readonly reason: "retried"; readonly run: Run } | Refused>;
  /** Failed, cancelled or aborted steps only; `cascade` also resets its transitive dependents, completed ones included. */
  retryStep(
    runId: string,
    stepId: string,
    cascade: boolean,
  ): Promise<
    { readonly reason: "retried"; readonly step: Step; readonly cascadedSteps: readonly string[] } | Refused
  >;

  /** In the order in which they were scheduled. */
  listStages(runId: string): Promise<readonly Stage[]>;
  /** Steps without flow calls, in the order in which they were scheduled. */
  listSteps(runId: string, filter: StepFilter, page: PageRequest): Promise<Page<Step>>;
  /** Flow calls of the run, oldest first. */
  listFlowCalls(runId: string): Promise<readonly Step[]>;
  /** A step, or a flow call by its id `flow:<n>`, with its attempts (oldest first, the current one last) and the last attempt's output. */
  getStep(
    runId: string,
    stepId: string,
  ): Promise<{
    readonly step: Step;
    readonly attempts: readonly Attempt[];
    readonly output: StepOutput;
    readonly key: number;
  } | null>;
  /** Output of one attempt; null if nothing was captured. */
  stepOutput(runId: string, stepId: string, attempt: number): Promise<StepOutput | null>;
}
