import type { ClaimedTask, Outcome, Store } from "@maxq/db";
import type { StagePlan } from "@maxq/core";
import { postgresDatabase, until, type TestDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import pg from "pg";
import { aRun } from "../src/kit/a-run.js";
import { aStage, asksFor } from "../src/kit/a-stage.js";
import { failure, printed, success } from "../src/kit/outcomes.js";
import { TestWorker } from "../src/kit/test-worker.js";

/** SQLite has one writer at a time; on PostgreSQL two transactions may wait for each other: it ends one of them, and its log says so. */
describe("on PostgreSQL no two transactions wait for each other", function () {
  this.timeout(180_000);
  let database: TestDatabase;
  let stores: readonly Store[];
  beforeEach(async () => {
    database = await postgresDatabase();
    stores = await Promise.all([database.openStore(), database.openStore(), database.openStore()]);
  });
  afterEach(() => database.drop());

  /** A backend tells what it counted when it ends. */
  async function noneWasEnded(): Promise<void> {
    for (const store of stores) await store.close();
    const mine = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    await until(
      "all connections are closed",
      async () => (await database.query(`select ${mine}`)).length === 0,
    );
    const counted = "select deadlocks::int as count from pg_stat_database where datname = current_database()";
    expect((await database.query<{ count: number }>(counted))[0]!.count, "deadlocks").to.equal(0);
  }

  /** Workers that claim and end two of each kind at a time until `over` is called, which waits for them. */
  async function aCrew(end: (task: ClaimedTask) => Outcome): Promise<{ over: () => Promise<void> }> {
    let isOver = false;
    const workers = await Promise.all(stores.map((store) => TestWorker.register(store)));
    const working = workers.map(async (worker) => {
      let running: readonly ClaimedTask[] = [];
      while (!isOver || running.length > 0) {
        const room = isOver ? {} : { freeSteps: 2, freeCalls: 2 };
        running = (await worker.exchange({ outcomes: running.map(end), ...room })).claimed;
      }
    });
    return {
      over: async () => {
        isOver = true;
        await Promise.all(working);
      },
    };
  }

  async function isOver(runId: string): Promise<boolean> {
    return ["completed", "failed", "aborted"].includes((await stores[0]!.getRun(runId))!.status);
  }

  async function newRun(): Promise<string> {
    const created = await stores[0]!.createRun(aRun());
    return created.reason === "created" ? created.run.id : "";
  }

  /** Starts each verb once those before it wait, while a transaction of the test's own holds `first`; then it takes `second`, and lets go of all. */
  async function crosswise(
    [first, second]: readonly [string, string],
    verbs: readonly (() => Promise<unknown>)[],
  ): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: database.environment.MAXQ_DATABASE_URL });
    await client.connect();
    const waiting =
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    try {
      await client.query(`begin; ${first} for update`);
      const answers: Promise<unknown>[] = [];
      let over = 0;
      for (const verb of verbs) {
        answers.push(verb().finally(() => (over += 1)));
        await until(
          "the verb waits or is over",
          async () => over + (await database.query(waiting)).length >= answers.length,
        );
      }
      await client.query(`${second} for update`);
      await client.query("rollback");
      return await Promise.all(answers);
    } finally {
      await client.end();
    }
  }

  /** A run whose call of the flow has asked for this stage, and who worked on it. */
  async function aRunWith(...stages: readonly StagePlan[]): Promise<{ runId: string; owner: TestWorker }> {
    const [store] = stores as [Store];
    const owner = await TestWorker.register(store);
    const runId = await newRun();
    const call = await owner.claimCall();
    for (const stage of stages)
      await store.scheduleStage(runId, stage, { key: call.key, attempt: call.attempt });
    await owner.record(success(call));
    return { runId, owner };
  }

  it("when work is claimed of a run that somebody else works on", async () => {
    const { runId, owner } = await aRunWith(aStage("s", ["a", "b"]));
    const run = `select from run where id = '${runId}'`;
    const steps = `select from step where run_id = '${runId}' order by key`;
    const [claimed] = await crosswise([run, steps], [() => owner.claimSteps(1)]);
    expect((claimed as ClaimedTask[]).map(({ id }) => id)).to.deep.equal(["s.a"]);
    await newRun();
    const [call] = await crosswise(["select from run", "select from step"], [() => owner.claimCalls()]);
    expect((call as ClaimedTask[]).map(({ kind }) => kind)).to.deep.equal(["flow"]);
    await noneWasEnded();
  });

  it("and a lease is renewed while the worker's claim waits for a run", async () => {
    const { runId, owner } = await aRunWith(aStage("s", ["a"]));
    const run = `select from run where id = '${runId}'`;
    const ended: string[] = [];
    await crosswise(
      [run, run],
      [
        () => owner.claimSteps(1).finally(() => ended.push("claimed")),
        () => stores[1]!.renewLease(owner.key).finally(() => ended.push("renewed")),
      ],
    );
    expect(ended).to.deep.equal(["renewed", "claimed"]);
    await noneWasEnded();
  });

  for (const [target, caller] of [
    ["s.a", "s.b"],
    ["s.b", "s.a"],
  ] as const)
    it(`when ${caller} posts fields for ${target} and both are recorded`, async () => {
      const { runId, owner } = await aRunWith(aStage("s", ["a", "b"]));
      const speaker = (await owner.claimSteps()).find(({ id }) => id === caller)!;
      const step = (id: string): string => `select from step where run_id = '${runId}' and id = '${id}'`;
      const [answer] = await crosswise(
        [step("s.b"), step("s.a")],
        [() => stores[1]!.mergeFields(runId, target, { x: 1 }, { key: speaker.key, attempt: 1 })],
      );
      expect(answer).to.deep.equal({ reason: "merged", fields: { x: 1 } });
      await noneWasEnded();
    });

  it("when a rescue gives back what another lost worker still owns", async () => {
    const earlier = await aRunWith(aStage("s", ["a"]));
    await earlier.owner.claimStep();
    const later = await aRunWith(aStage("s", ["a"]));
    await later.owner.claimStep();
    await database.query(`update worker set status = 'lost' where key = ${earlier.owner.key}`);
    const [answer] = await crosswise(
      [`select from run where id = '${earlier.runId}'`, `select from run where id = '${later.runId}'`],
      [() => stores[1]!.rescueWorker(later.owner.key, 0)],
    );
    expect(answer).to.equal(2);
    await noneWasEnded();
  });

  it("when a step is retried again and again while its dependents are claimed", async () => {
    const steps = [
      { name: "p", allowFailure: true },
      { name: "d", instances: 100, dependsOn: ["p"] },
    ];
    const { runId } = await aRunWith(aStage("s", steps, { final: true }));
    const crew = await aCrew((task) => (task.name === "p" ? failure(task) : success(task)));
    for (let n = 0; n < 40; n++) await stores[1]!.retryStep(runId, "s.p", n % 2 === 0);
    await until("the run is over", () => isOver(runId));
    await crew.over();
    await noneWasEnded();
  });

  it("when runs are paused, resumed, aborted and retried while they are worked on", async () => {
    const stage = aStage("s", [
      { name: "a", instances: 60, maxRetries: 1 },
      { name: "b", instances: 60, dependsOn: ["a"] },
    ]);
    const runIds = [];
    for (let n = 0; n < 4; n++) runIds.push(await newRun());
    const crew = await aCrew((task) => {
      if (task.kind === "flow") return printed(task, asksFor(stage));
      return (task.sequence + task.attempt) % 9 === 0 ? failure(task) : success(task);
    });
    const [, store] = stores as [Store, Store];
    const control = async (runId: string): Promise<void> => {
      for (let round = 0; round < 6; round++) {
        await store.pauseRun(runId);
        await store.resumeRun(runId);
        await store.abortRun(runId);
        await until("the run is over", () => isOver(runId));
        await store.retryRun(runId); // refused if it was completed before the abort
      }
      await until("the run is over", () => isOver(runId));
    };
    await Promise.all(runIds.map(control));
    await crew.over();
    await noneWasEnded();
  });
});
