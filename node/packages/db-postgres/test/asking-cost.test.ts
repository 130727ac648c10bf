import { defaultLimits, planStage, type StageDocument, type StagePlan } from "@maxq/core";
import type { ClaimedTask, ExchangeAnswer, Store } from "@maxq/db";
import { openPostgresStore } from "@maxq/db-postgres";
import { createDatabase, until, type CreatedDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import pg from "pg";

const steps = 2_000;

/** What a stage costs others that a flow call asks for over HTTP, in the process whose worker claims its steps as it is stored. */
describe("a stage that is asked for over HTTP", () => {
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
  async function inASession(work: (store: Store, workerKey: number) => Promise<unknown>): Promise<void> {
    const store = await openPostgresStore({ url: database.url });
    await store
      .registerWorker(worker)
      .then((workerKey) => work(store, workerKey))
      .finally(() => store.close());
  }

  it("does not keep the worker waiting where somebody else has the run's lock", async () => {
    await inASession(async (store, workerKey) => {
      const call = await aCall(store, workerKey);
      const claims = claimWhenToldOfWork(store, workerKey);
      await client.query("begin");
      await client.query("select 1 from run where id = $1 for update", [call.runId]);
      const scheduled = store.scheduleStage(call.runId, aPlan({ stage: "s", steps: [{ name: "a" }] }), call);
      const held =
        "select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))";
      await until("the request waits", async () => (await client.query(held)).rowCount === 1);
      expect((await Promise.all(claims)).map(({ claimed }) => claimed)).to.deep.equal([[]]);
      await client.query("commit");
      expect(await scheduled).to.deep.include({ reason: "scheduled", scheduled: 1 });
    });
  });

  it("reads no more of a large run's steps where most runs are small", async () => {
    let large = "";
    await inASession(async (store) => {
      for (let n = 0; n < 100; n++) large = await aRunOf(store);
    });
    const old = `insert into step (run_id, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, created_at)
                 select r.id, 'step', 'old.' || n, 'old', n, 'completed', 0, 0, 1, 0, 0 from run r, generate_series(1, $1::int) n where r.id = coalesce($2, r.id)`;
    await client.query(old, [4, null]);
    await client.query("vacuum analyze");
    await client.query(old.replace("'old.' ||", "'older.' ||"), [steps, large]);
    const before = await readOfSteps();
    await inASession(async (store, workerKey) => {
      const { claimed } = await store.exchange({ ...request, workerKey, freeCalls: 200, lookForCalls: true });
      const call = claimed.find(({ runId }) => runId === large)!;
      const claims = claimWhenToldOfWork(store, workerKey);
      const plan = aPlan({ stage: "s", steps: [{ name: "a" }] });
      expect(await store.scheduleStage(large, plan, call)).to.deep.include({ scheduled: 1 });
      expect(await Promise.all(claims)).to.have.length(1);
    });
    expect((await readOfSteps()) - before).to.be.below(steps / 2);
  });

  /** Once all sessions have told. */
  async function readOfSteps(): Promise<number> {
    const told = `select n_tup_ins = (select count(*) from step) as told from pg_stat_user_tables where relname = 'step'`;
    await until(
      "all sessions are in the statistics",
      async () => (await client.query<{ told: boolean }>(told)).rows[0]!.told,
    );
    const read =
      "select idx_tup_read as n from pg_stat_user_indexes where indexrelname = 'step_run_id_id_superseded_key'";
    return Number((await client.query<{ n: string }>(read)).rows[0]!.n);
  }
});

async function aRunOf(store: Store): Promise<string> {
  const created = await store.createRun(aRun);
  if (created.reason === "refused") throw new Error("it should have been made");
  return created.run.id;
}

async function aCall(store: Store, workerKey: number): Promise<ClaimedTask> {
  await aRunOf(store);
  const { claimed } = await store.exchange({ ...request, workerKey, freeCalls: 1, lookForCalls: true });
  expect(claimed).to.have.length(1);
  return claimed[0]!;
}

/** As the worker does in the process that takes the request. */
function claimWhenToldOfWork(store: Store, workerKey: number): Promise<ExchangeAnswer>[] {
  const claims: Promise<ExchangeAnswer>[] = [];
  store.onWakeUp(({ reason }) => {
    if (reason === "work")
      claims.push(store.exchange({ ...request, workerKey, freeSteps: 4, lookForSteps: true }));
  });
  return claims;
}

function aPlan(document: StageDocument): StagePlan {
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

const request = {
  ...{ round: 0, outcomes: [], released: [], started: [], freeSteps: 0, aheadSteps: 0, freeCalls: 0 },
  ...{ lookForSteps: false, lookForCalls: false },
};
