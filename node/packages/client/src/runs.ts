import type { Pagination, PatchRunBody, Run, RunStatus, Stage, TriggerBody } from "@maxq/core";
import type { Answer } from "./answer.js";
import type { Transport } from "./transport.js";

/** A page of a list. */
export interface List<T> {
  readonly data: readonly T[];
  readonly pagination: Pagination;
}

/** Which page; `offset` or `cursor`, not both. */
export interface PageQuery {
  readonly limit?: number;
  readonly offset?: number;
  readonly cursor?: string;
}

/** Runs that fit all that is given. Times are epoch milliseconds. */
export interface RunQuery extends PageQuery {
  readonly flowName?: string;
  readonly status?: readonly RunStatus[];
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  readonly parentRunId?: string;
  readonly sortBy?: "createdAt" | "startedAt" | "completedAt";
  readonly sortOrder?: "asc" | "desc";
  /** Each must equal the text of that top-level metadata value. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A run as it is answered alone. */
export interface RunWithStages extends Run {
  readonly stages: readonly Stage[];
}

/** A run after what was asked of it, and a sentence for people. */
export interface Action {
  readonly run: RunWithStages;
  readonly message: string;
}

/** With how many scripts of it were told to end, each with all its processes. */
export interface Kill extends Action {
  readonly processesKilled: number;
}

/** Runs and their control. */
export interface RunsClient {
  /** Status 200: the Idempotency-Key had started it before. */
  create(flowName: string, body?: TriggerBody, idempotencyKey?: string): Promise<Answer<RunWithStages>>;
  list(query?: RunQuery): Promise<Answer<List<Run>>>;
  /** `wait`: seconds to wait for a change of status, at most 60. */
  get(
    runId: string,
    options?: { readonly wait?: number; readonly signal?: AbortSignal },
  ): Promise<Answer<RunWithStages>>;
  patch(runId: string, change: PatchRunBody): Promise<Answer<RunWithStages>>;
  remove(runId: string): Promise<Answer<{ readonly id: string; readonly message: string }>>;
  /** Status 202: a worker has not confirmed it yet. */
  abort(runId: string): Promise<Answer<Kill>>;
  pause(runId: string): Promise<Answer<Kill>>;
  resume(runId: string): Promise<Answer<Action>>;
  /** `new`: a new run of the same flow and input. */
  retry(runId: string, mode?: "same" | "new"): Promise<Answer<Action>>;
}

export function runsClient({ json }: Transport): RunsClient {
  const act = <T>(runId: string, action: string, query = {}): Promise<Answer<T>> =>
    json({ method: "POST", path: `${runPath(runId)}/${action}`, query });
  return {
    create: (flowName, body = {}, idempotencyKey) =>
      json({
        method: "POST",
        path: `/flows/${encodeURIComponent(flowName)}/runs`,
        body,
        headers: idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey },
      }),
    list: ({ metadata = {}, ...query } = {}) => {
      const filters = Object.fromEntries(
        Object.entries(metadata).map(([name, text]) => [`metadata.${name}`, text] as const),
      );
      return json({ method: "GET", path: "/runs", query: { ...query, ...filters } });
    },
    get: (runId, { wait, signal } = {}) =>
      json({ method: "GET", path: runPath(runId), query: { wait }, signal }),
    patch: (runId, body) => json({ method: "PATCH", path: runPath(runId), body }),
    remove: (runId) => json({ method: "DELETE", path: runPath(runId) }),
    abort: (runId) => act(runId, "abort"),
    pause: (runId) => act(runId, "pause"),
    resume: (runId) => act(runId, "resume"),
    retry: (runId, mode) => act(runId, "retry", { mode }),
  };
}

/** The path of a run. */
export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`;
}
