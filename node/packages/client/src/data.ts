import type { Artifact, Json, LogBody, LogEntityType, LogLevel, RunLog, StepFields } from "@maxq/core";
import type { Answer } from "./answer.js";
import { runPath, type List, type PageQuery } from "./runs.js";
import { stepPath } from "./steps.js";
import type { Transport } from "./transport.js";

/** Entries that fit all that is given. */
export interface LogQuery extends PageQuery {
  readonly level?: LogLevel;
  readonly entityType?: LogEntityType;
  readonly entityId?: string;
}

/** A page of a run's log. */
export interface LogList {
  readonly logs: readonly RunLog[];
  readonly count: number;
  /** `cursor` of the next page; null on the last. */
  readonly nextCursor: string | null;
}

type Fields = Readonly<Record<string, Json>>;

/** What scripts leave for each other and for people. */
export interface DataClient {
  /** Merged into what is there, key by key. */
  postFields(
    runId: string,
    stepId: string,
    fields: Fields,
  ): Promise<Answer<{ readonly id: string; readonly runId: string; readonly fields: Fields }>>;
  fields(
    runId: string,
    query?: { readonly stepId?: readonly string[]; readonly fieldName?: string },
  ): Promise<Answer<{ readonly fields: readonly StepFields[] }>>;
  /** Status 200: it replaced one. */
  putArtifact(runId: string, name: string, data: Json): Promise<Answer<Artifact>>;
  artifact(runId: string, name: string): Promise<Answer<Artifact>>;
  artifacts(runId: string, page?: PageQuery): Promise<Answer<List<Omit<Artifact, "data">>>>;
  removeArtifact(
    runId: string,
    name: string,
  ): Promise<Answer<{ readonly name: string; readonly runId: string; readonly message: string }>>;
  log(runId: string, line: LogBody): Promise<Answer<RunLog>>;
  /** Newest first. */
  logs(runId: string, query?: LogQuery): Promise<Answer<LogList>>;
}

export function dataClient({ json }: Transport): DataClient {
  const artifactPath = (runId: string, name: string): string =>
    `${runPath(runId)}/artifacts/${encodeURIComponent(name)}`;
  return {
    postFields: (runId, stepId, fields) =>
      json({ method: "POST", path: `${stepPath(runId, stepId)}/fields`, body: { fields } }),
    fields: (runId, query = {}) =>
      json({ method: "GET", path: `${runPath(runId)}/fields`, query: { ...query } }),
    putArtifact: (runId, name, data) =>
      json({ method: "POST", path: `${runPath(runId)}/artifacts`, body: { name, data } }),
    artifact: (runId, name) => json({ method: "GET", path: artifactPath(runId, name) }),
    artifacts: (runId, page = {}) =>
      json({ method: "GET", path: `${runPath(runId)}/artifacts`, query: { ...page } }),
    removeArtifact: (runId, name) => json({ method: "DELETE", path: artifactPath(runId, name) }),
    log: (runId, body) => json({ method: "POST", path: `${runPath(runId)}/logs`, body }),
    logs: (runId, query = {}) => json({ method: "GET", path: `${runPath(runId)}/logs`, query: { ...query } }),
  };
}
