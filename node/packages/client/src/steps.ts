import type { FinalDocument, Stage, StageDocument, Step, StepDetail, StepStatus } from "@maxq/core";
import type { Answer } from "./answer.js";
import { runPath, type List, type PageQuery } from "./runs.js";
import type { Transport } from "./transport.js";

/** Steps that fit all that is given. */
export interface StepQuery extends PageQuery {
  readonly stage?: string;
  readonly status?: readonly StepStatus[];
  readonly name?: string;
}

/** What a scheduling request scheduled; `scheduled` is 0 if it was a repeat. */
export interface Scheduled {
  readonly stage: string;
  readonly scheduled: number;
  readonly steps: readonly { readonly id: string; readonly name: string; readonly status: StepStatus }[];
}

/** Which output: of the latest attempt, and stdout, where nothing else is given. */
export interface OutputQuery {
  readonly stream?: "stdout" | "stderr";
  readonly attempt?: number;
  /** Goes on with what the script writes until it ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** Stages and steps of runs. */
export interface StepsClient {
  schedule(runId: string, document: StageDocument): Promise<Answer<Scheduled>>;
  finish(
    runId: string,
    document?: FinalDocument,
  ): Promise<Answer<{ readonly final: true; readonly message: string }>>;
  stages(runId: string): Promise<Answer<List<Stage>>>;
  flowCalls(runId: string): Promise<Answer<List<Step>>>;
  list(runId: string, query?: StepQuery): Promise<Answer<List<Step>>>;
  /** A step, or a flow call by its id `flow:<n>`. */
  get(runId: string, stepId: string): Promise<Answer<StepDetail>>;
  retry(
    runId: string,
    stepId: string,
    cascade?: boolean,
  ): Promise<
    Answer<{ readonly step: Step; readonly cascadedSteps: readonly string[]; readonly message: string }>
  >;
  /** The captured text, as it comes. Where it breaks off, the stream fails with an `ApiError`. */
  output(runId: string, stepId: string, query?: OutputQuery): Promise<Answer<ReadableStream<Uint8Array>>>;
}

export function stepsClient({ json, stream }: Transport): StepsClient {
  return {
    schedule: (runId, body) => json({ method: "POST", path: `${runPath(runId)}/steps`, body }),
    finish: (runId, body = { final: true }) =>
      json({ method: "POST", path: `${runPath(runId)}/steps`, body }),
    stages: (runId) => json({ method: "GET", path: `${runPath(runId)}/stages` }),
    flowCalls: (runId) => json({ method: "GET", path: `${runPath(runId)}/flow-calls` }),
    list: (runId, query = {}) =>
      json({ method: "GET", path: `${runPath(runId)}/steps`, query: { ...query } }),
    get: (runId, stepId) => json({ method: "GET", path: stepPath(runId, stepId) }),
    retry: (runId, stepId, cascade) =>
      json({ method: "POST", path: `${stepPath(runId, stepId)}/retry`, query: { cascade } }),
    output: (runId, stepId, { signal, ...query } = {}) =>
      stream({ method: "GET", path: `${stepPath(runId, stepId)}/output`, query, signal }),
  };
}

/** The path of a step. */
export function stepPath(runId: string, stepId: string): string {
  return `${runPath(runId)}/steps/${encodeURIComponent(stepId)}`;
}
