import type { ClaimedTask, ExchangeAnswer, Store } from "@maxq/db";
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import type pg from "pg";
import { aPlan, aRunOf, nothing, Sessions } from "./sessions.js";

const steps = 2_000;

/** What a stage costs others that a flow call asks for over HTTP, in the process whose worker claims its steps as it is stored. */
describe("a stage that is asked for over HTTP", () => {
  let sessions: Sessions;
  let client: pg.Client;
  beforeEach(async () => {
    sessions = await Sessions.create();
    client = sessions.client;
  });
  afterEach(() => sessions.drop());

  it("does not keep the worker waiting where somebody else has the run's lock", async () => {
    await sessions.withStore(async (store, workerKey) => {
      const call = await aCall(store, workerKey);
      const claims = claimWhenToldOfWork(store, workerKey);
      await client.query("begin");
      await client.query("select 1 from run where id = $1 for update", [call.runId]);
      const scheduled = store.scheduleStage(call.runId, aPlan({ stage: "s", steps: [{ name: "a" }] }), call);
      await until("the request waits", () => sessions.isWaitedFor());
      expect((await Promise.all(claims)).map(({ claimed }) => claimed)).to.deep.equal([[]]);
      await client.query("commit");
      expect(await scheduled).to.deep.include({ reason: "scheduled", scheduled: 1 });
    });
  });

  it("reads no more of a large run's steps where most runs are small", async () => {
    let large = "";
    await sessions.withStore(async (store) => {
      for (let n = 0; n < 100; n++) large = await aRunOf(store);
    });
    const old = `insert into step (run_id, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, created_at)
                 select r.id, 'step', 'old.' || n, 'old', n, 'completed', 0, 0, 1, 0, 0 from run r, generate_series(1, $1::int) n where r.id = coalesce($2, r.id)`;
    await client.query(old, [4, null]);
    await client.query("vacuum analyze");
    await client.query(old.replace("'old.' ||", "'older.' ||"), [steps, large]);
    const before = await readOfSteps();
    await sessions.withStore(async (store, workerKey) => {
      const { claimed } = await store.exchange({ ...nothing, workerKey, freeCalls: 200, lookForCalls: true });
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

async function aCall(store: Store, workerKey: number): Promise<ClaimedTask> {
  await aRunOf(store);
  const { claimed } = await store.exchange({ ...nothing, workerKey, freeCalls: 1, lookForCalls: true });
  expect(claimed).to.have.length(1);
  return claimed[0]!;
}

/** As the worker does in the process that takes the request. */
function claimWhenToldOfWork(store: Store, workerKey: number): Promise<ExchangeAnswer>[] {
  const claims: Promise<ExchangeAnswer>[] = [];
  store.onWakeUp(({ reason }) => {
    if (reason === "work")
      claims.push(store.exchange({ ...nothing, workerKey, freeSteps: 4, lookForSteps: true }));
  });
  return claims;
}
