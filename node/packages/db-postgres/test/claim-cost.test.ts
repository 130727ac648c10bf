import type { Store } from "@maxq/db";
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import type pg from "pg";
import { aPlan, aRunOf, nothing, Sessions } from "./sessions.js";

const runs = 300;
const look = { lookForSteps: true, lookForCalls: true };

describe("a claim", () => {
  let sessions: Sessions;
  let client: pg.Client;
  beforeEach(async () => {
    sessions = await Sessions.create();
    client = sessions.client;
  });
  afterEach(() => sessions.drop());

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
    await sessions.withStore(async (store) => {
      for (let n = 0; n < runs; n++) await aRunOf(store);
    });
    const stored = () => statistics("select n_tup_ins as n from pg_stat_user_tables where relname = 'run'");
    await until("the runs are in the statistics", async () => (await stored()) === runs);
    await client.query("analyze");
    const before = await readOfRuns();
    await sessions.withStore(async (store, workerKey) => {
      const { claimed } = await store.exchange({
        ...nothing,
        ...look,
        workerKey,
        freeSteps: 10,
        freeCalls: 1,
      });
      expect(claimed).to.have.length(1);
    });
    const taken = () => statistics("select n_tup_upd as n from pg_stat_user_tables where relname = 'step'");
    await until("the claim is in the statistics", async () => (await taken()) === 1);
    expect((await readOfRuns()) - before).to.be.below(runs / 10);
  });

  it("starts what it gets in the order of the queue, and waits for what others hold only when there is nothing else", async () => {
    await sessions.withStore(async (store, workerKey) => {
      const first = await runOfOneStep(store);
      const second = await runOfOneStep(store);
      await client.query("begin");
      await client.query("select 1 from run where id = $1 for update", [first]);
      const claiming = store.exchange({ ...nothing, ...look, workerKey, freeSteps: 1, aheadSteps: 1 });
      await until("it waits", () => sessions.isWaitedFor());
      await client.query("commit");
      const { claimed } = await claiming;
      expect(claimed.map(({ runId }) => runId)).to.deep.equal([second, first]);
      const started = claimed.map(async ({ runId, id }) => (await store.getStep(runId, id))!.step.startedAt);
      expect((await Promise.all(started)).map((at) => at !== null)).to.deep.equal([true, false]);
    });
  });
});

async function runOfOneStep(store: Store): Promise<string> {
  const runId = await aRunOf(store);
  await store.scheduleStage(runId, aPlan({ stage: "s", steps: [{ name: "a" }] }), null);
  return runId;
}
