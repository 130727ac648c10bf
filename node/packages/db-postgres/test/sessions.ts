import { defaultLimits, planStage, type StageDocument, type StagePlan } from "@maxq/core";
import type { Store } from "@maxq/db";
import { openPostgresStore } from "@maxq/db-postgres";
import { createDatabase, type CreatedDatabase } from "@maxq/test-kit";
import pg from "pg";

/** A database with the schema, a client beside its stores, and stores of which the statistics tell once they are closed. */
export class Sessions {
  private constructor(
    private readonly database: CreatedDatabase,
    readonly client: pg.Client,
  ) {}

  static async create(): Promise<Sessions> {
    const database = await createDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return new Sessions(database, client);
  }

  async drop(): Promise<void> {
    await this.client.end();
    await this.database.drop();
  }

  /** A store of a worker's process, closed afterwards: sessions tell what they did when they end. */
  async withStore(work: (store: Store, workerKey: number) => Promise<unknown>): Promise<void> {
    const store = await openPostgresStore({ url: this.database.url });
    await store
      .registerWorker(worker)
      .then((workerKey) => work(store, workerKey))
      .finally(() => store.close());
  }

  /** Whether somebody waits for a lock that the client holds. */
  async isWaitedFor(): Promise<boolean> {
    const waiting =
      "select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))";
    return (await this.client.query(waiting)).rowCount! > 0;
  }
}

export async function aRunOf(store: Store): Promise<string> {
  const created = await store.createRun(aRun);
  if (created.reason === "refused") throw new Error("it should have been made");
  return created.run.id;
}

export function aPlan(document: StageDocument): StagePlan {
  const planned = planStage(document, defaultLimits);
  if (!planned.ok) throw new Error("it should have been taken");
  return planned.plan;
}

const aRun = {
  ...{ flowName: "demo", flowTitle: null, input: null, metadata: null, priority: 0, timeoutMs: null },
  ...{ name: null, description: null, parentRunId: null, idempotency: null },
};

const worker = {
  ...{ id: "host/1", host: "host", bootId: "boot", pid: 1, pidStartedAt: "1", role: "worker", slots: 10 },
  ...{ launcher: "test", containment: "none", mark: "", version: "0", leaseMs: 60_000 },
} as const;

/** An exchange that tells of nothing and asks for nothing. */
export const nothing = {
  ...{ round: 0, outcomes: [], released: [], started: [], freeSteps: 0, aheadSteps: 0, freeCalls: 0 },
  ...{ lookForSteps: false, lookForCalls: false },
};
