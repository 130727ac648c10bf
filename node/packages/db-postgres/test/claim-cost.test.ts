import { defaultLimits, planStage } from "@maxq/core";
import type { Store } from "@maxq/db";
import { openPostgresStore } from "@maxq/db-postgres";
import { createDatabase, until, type CreatedDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import pg from "pg";

const runs = 300;

describe("a claim", () => {
  let database: CreatedDatabase;
  let client: pg.Client;
  beforeEach(async () => {
    database = await createDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  /** Sessions tell what they did when they end. */
  async function inASession(work: (store: Store) => Promise<unknown>): Promise<void> {
    const store = await openPostgresStore({ url: database.url });
    await work(store).finally(() => store.close());
  }

  async function statistics(what: string): Promise<number> {
    return Number(
      (await client.query<{ n: string }>(`select coalesce(sum(n), 0) as n from (${what}) s`)).rows[0]!.n,
    );
  }

  const readOfRuns = () =>
    statistics(
      "select idx_tup_read + seq_tup_read as n from pg_stat_user_tables t join (select relid, sum(idx_tup_read) as idx_tup_read from pg_stat_user_indexes group by relid) i using (relid) where relname = 'run'",
    );

  it("reads the runs of what it claims and no others, however many there are", async () => {
    await inASession(async (store) => {
      for (let n = 0; n < runs; n++) await store.createRun(aRun);
    });
    const stored = () => statistics("select n_tup_ins as n from pg_stat_user_tables where relname = 'run'");
    await until("the runs are in the statistics", async () => (await stored()) === runs);
    await client.query("analyze");
    const before = await readOfRuns();
    await inASession(async (store) => {
      const workerKey = await store.registerWorker(worker);
      const { claimed } = await store.exchange({ ...request, workerKey });
      expect(claimed).to.have.length(1);
    });
    const taken = () => statistics("select n_tup_upd as n from pg_stat_user_tables where relname = 'step'");
    await until("the claim is in the statistics", async () => (await taken()) === 1);
    expect((await readOfRuns()) - before).to.be.below(runs / 10);
  });

  it("starts what it gets in the order of the queue, and waits for what others hold only when there is nothing else", async () => {
    await inASession(async (store) => {
      const workerKey = await store.registerWorker(worker);
      const first = await runOfOneStep(store);
      const second = await runOfOneStep(store);
      await client.query("begin");
      await client.query("select 1 from run where id = $1 for update", [first]);
      const claiming = store.exchange({ ...request, workerKey, freeSteps: 1, aheadSteps: 1, freeCalls: 0 });
      const waiting =
        "select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))";
      await until("it waits", async () => (await client.query(waiting)).rowCount === 1);
      await client.query("commit");
      const { claimed } = await claiming;
      expect(claimed.map(({ runId }) => runId)).to.deep.equal([second, first]);
      const started = claimed.map(async ({ runId, id }) => (await store.getStep(runId, id))!.step.startedAt);
      expect((await Promise.all(started)).map((at) => at !== null)).to.deep.equal([true, false]);
    });
  });
});

async function runOfOneStep(store: Store): Promise<string> {
  const created = await store.createRun(aRun);
  const planned = planStage({ stage: "s", steps: [{ name: "a" }] }, defaultLimits);
  if (created.reason === "refused" || !planned.ok) throw new Error("it should have been taken");
  await store.scheduleStage(created.run.id, planned.plan, null);
  return created.run.id;
}

const aRun = {
  ...{ flowName: "demo", flowTitle: null, input: null, metadata: null, priority: 0, timeoutMs: null },
  ...{ name: null, description: null, parentRunId: null, idempotency: null },
};

const worker = {
  ...{ id: "host/1", host: "host", bootId: "boot", pid: 1, pidStartedAt: "1", role: "worker", slots: 10 },
  ...{ launcher: "test", containment: "none", mark: "", version: "0", leaseMs: 60_000 },
} as const;

const request = {
  ...{ round: 0, outcomes: [], released: [], started: [], freeSteps: 10, aheadSteps: 0, freeCalls: 1 },
  ...{ lookForSteps: true, lookForCalls: true },
};
