import type { Flow, Run, Worker } from "@maxq/core";
import type { Answer } from "./answer.js";
import type { List } from "./runs.js";
import type { Transport } from "./transport.js";

export interface Readiness {
  readonly status: "ready";
  readonly version: string;
  readonly database: "postgres" | "sqlite";
  readonly databaseVersion: string;
  readonly schema: "current";
  /** `polled`: the database's notifications do not arrive, as behind a transaction pooler. */
  readonly wakeUps: "notified" | "polled";
}

/** Flows, workers and health. */
export interface ServerClient {
  flows(): Promise<Answer<List<Flow>>>;
  /** With its last runs, newest first. */
  flow(flowName: string): Promise<Answer<Flow & { readonly recentRuns: readonly Run[] }>>;
  workers(): Promise<Answer<List<Worker>>>;
  health(): Promise<Answer<{ readonly status: "ok"; readonly version: string }>>;
  ready(): Promise<Answer<Readiness>>;
}

export function serverClient({ json }: Transport): ServerClient {
  return {
    flows: () => json({ method: "GET", path: "/flows" }),
    flow: (flowName) => json({ method: "GET", path: `/flows/${encodeURIComponent(flowName)}` }),
    workers: () => json({ method: "GET", path: "/workers" }),
    health: () => json({ method: "GET", path: "/healthz" }),
    ready: () => json({ method: "GET", path: "/readyz" }),
  };
}
