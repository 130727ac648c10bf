import type { ControlWord, FlowDocument, Json, KillReason, Problem, StepOutput } from "@maxq/core";
import type { AttemptRef, TaskRef } from "./refs.js";

/** A step or flow call that a worker now owns. */
export interface ClaimedTask extends AttemptRef {
  readonly kind: "step" | "flow";
  readonly runId: string;
  readonly flowName: string;
  readonly id: string;
  /** "" for a flow call, like `stageName`. */
  readonly name: string;
  readonly stageName: string;
  readonly stageKey: number | null;
  readonly sequence: number;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number | null;
  readonly completedStage: string;
  readonly failedStage: string;
  /** The word that stood on the run when it was claimed: if set, hand it back instead of starting it. */
  readonly control: ControlWord | null;
  /** Ms from when it could have been claimed until it was, by the database's clock; 0 if it was claimed as soon as it could be. */
  readonly waitedMs: number;
}

/** How an attempt ended, as its worker saw it. */
export interface Outcome extends AttemptRef {
  readonly kind: "step" | "flow";
  readonly runId: string;
  readonly stageKey: number | null;
  /**
   * `success`: exit 0 and not killed by abort or timeout. `failure`: counts against retries. `aborted`: killed by abort.
   * `handed_back`: killed by drain or fence with another exit than 0: pending again, no retry used. `lost`: its launcher died: a worker_lost attempt.
   */
  readonly result: "success" | "failure" | "aborted" | "handed_back" | "lost";
  readonly killedBy: KillReason | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Of a failure: what the step or run shows. */
  readonly problem: Problem | null;
  readonly durationMs: number;
  readonly cpuMs: number | null;
  readonly maxRssBytes: number | null;
  /** Null if the script wrote nothing. */
  readonly output: StepOutput | null;
  /** From `$MAXQ_OUTPUT`, of a step that succeeded. */
  readonly fields: Readonly<Record<string, Json>> | null;
  /** Lines for the run's log, e.g. bad lines of `$MAXQ_OUTPUT`. */
  readonly warnings: readonly string[];
  /** Of a flow call that succeeded. Ignored if the call made a scheduling request over HTTP. */
  readonly document: FlowDocument | null;
}

/** What a worker tells, and what it has room for, in one transaction. */
export interface ExchangeRequest {
  readonly workerKey: number;
  /**
   * The round of this worker's last `ownedTasks`, 0 before the first. A request of an earlier round was given up by its sender and arrives late: it records
   * outcomes that are still due, and claims and gives back nothing.
   */
  readonly round: number;
  /** To record: each takes effect only where the worker still holds that attempt. */
  readonly outcomes: readonly Outcome[];
  /** Claimed and never started: given back as they were, or cancelled if their stage is failing; the attempt does not count. */
  readonly released: readonly AttemptRef[];
  /** Claimed ahead, started since: their `startedAt` is set. */
  readonly started: readonly TaskRef[];
  /** Steps that would be started at once, steps to claim ahead, and flow calls to claim. */
  readonly freeSteps: number;
  readonly aheadSteps: number;
  readonly freeCalls: number;
  /**
   * Whether to look for steps, and calls, that wait: false if the last look found too few, and nothing suggests that there are more since. A store may look all the same.
   * What this request itself makes claimable is claimed either way.
   */
  readonly lookForSteps: boolean;
  readonly lookForCalls: boolean;
}

/** What it is given, and what it has to know of what it holds. */
export interface ExchangeAnswer {
  /** In the order in which they should start: by priority, then claim number. The first `freeSteps` steps count as started. */
  readonly claimed: readonly ClaimedTask[];
  /** Keys of outcomes that changed nothing, because the attempt was no longer the worker's. */
  readonly stale: readonly number[];
  /** Words that stand on runs of which this worker had an outcome or a claim in this exchange. */
  readonly controls: readonly RunControl[];
  /** Keys of stages, of those that this exchange touched, that start nothing more because a step failed: hand back what was claimed ahead of them. */
  readonly failing: readonly number[];
  /** Runs that came to their end in this exchange. */
  readonly ended: readonly EndedRun[];
}

/** A run that is over, and how. */
export interface EndedRun {
  readonly runId: string;
  readonly status: "completed" | "failed" | "aborted";
}

/** A run, and the word that stands on it. */
export interface RunControl {
  readonly runId: string;
  readonly word: ControlWord;
}

/** Work changing hands. */
export interface WorkStore {
  /**
   * Records outcomes, frees what waited for them, settles stages and runs, and claims more: everything that follows from an outcome commits with it.
   * One call in flight a worker. Throws only when the database cannot be asked (`DatabaseUnavailable`): the outcome of the commit is then unknown and the same request may be sent again.
   */
  exchange(request: ExchangeRequest): Promise<ExchangeAnswer>;
  /** Gives numbers to retries that are due, ends runs over their deadline, finishes sweeps and ends of controlled runs. Answers ms until the next is due, null if none waits. */
  runTimers(): Promise<number | null>;
  /**
   * What the worker owns according to the database, after an exchange whose outcome is not known. Begins this round: what an exchange of an earlier one
   * claims is in the answer, or is never claimed. May be sent again.
   */
  ownedTasks(workerKey: number, round: number): Promise<readonly ClaimedTask[]>;
}
