import type { Flow, PrunedAnswer, Run, Worker } from "@maxq/core";
import type { Answer } from "./answer.js";
import type { List } from "./runs.js";
import type { Transport } from "./transport.js";

/** That a server can work, and with what. */
export interface Readiness {
  readonly status: "ready";
  readonly version: string;
  readonly database: "postgres" | "sqlite";
  readonly databaseVersion: string;
  readonly schema: "current";
  /** `polled`: the database's notifications do not arrive, as behind a transaction pooler. */
  readonly wakeUps: "notified" | "polled";
}

/** Which finished runs are to go: a run goes when either says so; without both, as the server's own retention says. */
export interface PruneQuery {
  /** In ms, since the run's end. */
  readonly olderThanMs?: number;
  /** Of each flow the newest so many finished runs stay. */
  readonly keep?: number;
  readonly flowName?: string;
  /** Only say what would go. */
  readonly dryRun?: boolean;
  /** Of the answer before. */
  readonly cursor?: string;
}

/** Flows, workers, health and the removal of finished runs. */
export interface ServerClient {
  flows(): Promise<Answer<List<Flow>>>;
  /** With its last runs, newest first. */
  flow(flowName: string): Promise<Answer<Flow & { readonly recentRuns: readonly Run[] }>>;
  workers(): Promise<Answer<List<Worker>>>;
  /** One batch: go on with `cursor` until that is null. */
  prune(query: PruneQuery): Promise<Answer<PrunedAnswer>>;
  health(): Promise<Answer<{ readonly status: "ok"; readonly version: string }>>;
  ready(): Promise<Answer<Readiness>>;
}

export function serverClient({ json }: Transport): ServerClient {
  return {
    flows: () => json({ method: "GET", path: "/flows" }),
    flow: (flowName) => json({ method: "GET", path: `/flows/${encodeURIComponent(flowName)}` }),
    workers: () => json({ method: "GET", path: "/workers" }),
    prune: (query) => json({ method: "POST", path: "/prune", body: query }),
    health: () => json({ method: "GET", path: "/healthz" }),
    ready: () => json({ method: "GET", path: "/readyz" }),
  };
}
