import { DatabaseUnavailable } from "@maxq/db";
import type { PostgresDriver } from "@maxq/db-postgres";
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { Client } from "../src/connection/client.js";
import { clientConfig } from "../src/connection/config.js";
import { Connections } from "../src/connection/connections.js";
import { Watch } from "../src/connection/watch.js";
import { failure, Scratch } from "./scratch.js";
import { SilentNetwork } from "./silent-network.js";

const statements = { "number.one": "select 1 as one", "number.sleep": "select pg_sleep(1000)" };
/** Nothing here waits for this. */
const statementTimeoutMs = 600_000;

describe("connections that die without a word", () => {
  let scratch: Scratch;
  let network: SilentNetwork;

  beforeEach(async () => {
    scratch = await Scratch.create();
    network = await SilentNetwork.to(scratch.url);
  });
  afterEach(async () => {
    await network.close();
    await scratch.drop();
  });

  async function aDriver(): Promise<PostgresDriver> {
    const driver = await scratch.open(statements, { url: network.url, statementTimeoutMs });
    await until("wake-ups arrive", () => driver.wakeUpsHealthy());
    await driver.hot.all("number.one");
    return driver;
  }

  it("are given up when new ones work: the pool's and the hot one, and the next statement gets another", async () => {
    const driver = await aDriver();
    network.forget();
    const errors = await Promise.all([
      failure(driver.all("number.one")),
      failure(driver.hot.all("number.one")),
    ]);
    for (const error of errors) expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect(await driver.all("number.one")).to.deep.equal([{ one: 1 }]);
    expect(await driver.hot.all("number.one")).to.deep.equal([{ one: 1 }]);
    await until("wake-ups arrive", () => driver.wakeUpsHealthy());
  });

  it("take with them those on which nothing is under way", async () => {
    const driver = await aDriver();
    await Promise.all([driver.all("number.one"), driver.all("number.one"), driver.all("number.one")]);
    network.forget();
    expect(await failure(driver.all("number.one"))).to.be.instanceOf(DatabaseUnavailable);
    for (const statement of await Promise.all([1, 2, 3].map(() => driver.all("number.one"))))
      expect(statement).to.deep.equal([{ one: 1 }]);
  });

  it("do not keep a driver from being closed, nor a question about its health from being answered", async () => {
    const driver = await aDriver();
    network.silent = true;
    const waiting = Promise.all([
      failure(driver.all("number.one")),
      failure(driver.hot.all("number.one")),
      failure(driver.hot.all("number.one")),
    ]);
    expect(await failure(driver.health())).to.be.instanceOf(DatabaseUnavailable);
    await driver.close();
    for (const error of await waiting) expect(error).to.be.instanceOf(DatabaseUnavailable);
    await until("no connection is left", () => network.connections === 0);
  });

  /** A connection alone, and what looks at it. */
  async function watched() {
    const connections = new Connections();
    const options = { url: network.url, statementTimeoutMs };
    const client = new Client(clientConfig(options), connections);
    client.on("error", () => undefined);
    await client.connect();
    const watch = new Watch(options, connections);
    return { client, watch };
  }

  it("are not those whose statement the server is at, however long it takes", async () => {
    const { client, watch } = await watched();
    const sleeping = failure(client.query("select pg_sleep(1000)"));
    await until("it sleeps", async () => {
      const [row] = await scratch.query<{ state: string }>(
        `select state from pg_stat_activity where pid = ${client.processID!} and query like '%pg_sleep%'`,
      );
      return row?.state === "active";
    });
    for (let looks = 0; looks < 3; looks++) await watch.look();
    expect(client.underWay).not.to.equal(null);
    network.forget();
    await scratch.query(`select pg_cancel_backend(${client.processID!})`);
    await until("the server has answered", async () => {
      const [row] = await scratch.query<{ state: string }>(
        `select state from pg_stat_activity where pid = ${client.processID!}`,
      );
      return row?.state === "idle";
    });
    await watch.look();
    expect(String(await sleeping)).to.contain("had died");
  });

  it("are not those to which a slow network has not brought the whole statement yet", async () => {
    const { client, watch } = await watched();
    network.hold();
    const asked = client.query<{ n: number }>("select length($1::text) as n", ["x".repeat(32_000_000)]);
    for (let looks = 0; looks < 5; looks++) await watch.look();
    network.release();
    expect((await asked).rows).to.deep.equal([{ n: 32_000_000 }]);
    await client.end();
  });
});
