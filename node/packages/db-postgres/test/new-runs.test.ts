import { once } from "node:events";
import type { Store } from "@maxq/db";
import { openPostgresStore } from "@maxq/db-postgres";
import { createDatabase, until, type CreatedDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import pg from "pg";

describe("word of new runs", () => {
  let database: CreatedDatabase;
  let store: Store;
  let elsewhere: pg.Client;
  beforeEach(async () => {
    database = await createDatabase();
    store = await openPostgresStore({ url: database.url });
    await until("the store hears itself", () => store.wakeUpsHealthy());
    elsewhere = new pg.Client({ connectionString: database.url });
    await elsewhere.connect();
    await elsewhere.query("listen maxq");
  });
  afterEach(async () => {
    await elsewhere.end();
    await store.close();
    await database.drop();
  });

  const isWork = (payload: string | undefined) => payload?.includes('"reason":"work"') === true;

  it("is sent by the transaction that stores one", async () => {
    const heard = once(elsewhere, "notification") as Promise<[pg.Notification]>;
    await store.createRun(aRun);
    const [{ payload, processId }] = await heard;
    expect(isWork(payload)).to.equal(true);
    // The last statement of the connection that told of it stored the run.
    const { rows } = await elsewhere.query<{ query: string }>(
      "select query from pg_stat_activity where pid = $1",
      [processId],
    );
    expect(rows[0]!.query).to.match(/create_runs/);
  });

  it("comes after the last of many that are stored at once", async () => {
    let known = 0;
    let heardOf = 0;
    const told: Promise<void>[] = [];
    elsewhere.on("notification", ({ payload }) => {
      if (!isWork(payload)) return;
      told.push(
        elsewhere.query<{ n: string }>("select count(*) as n from run").then(({ rows }) => {
          known = Number(rows[0]!.n);
          heardOf++;
        }),
      );
    });
    await Promise.all(Array.from({ length: 250 }, () => store.createRun(aRun)));
    await until("a listener that looks when it is told has seen all", () => known === 250);
    await Promise.all(told);
    expect(heardOf).to.be.below(100);
  });
});

const aRun = {
  ...{ flowName: "demo", flowTitle: null, input: null, metadata: null, priority: 0, timeoutMs: null },
  ...{ name: null, description: null, parentRunId: null, idempotency: null },
};
