import { DatabaseUnavailable } from "@maxq/db";
import type { PostgresDriver } from "@maxq/db-postgres";
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { failure, Scratch } from "./scratch.js";
import { SilentNetwork } from "./silent-network.js";

const statements = { "number.one": "select 1 as one" };

describe("a network that goes silent", () => {
  let scratch: Scratch;
  let network: SilentNetwork;
  let driver: PostgresDriver;

  beforeEach(async () => {
    scratch = await Scratch.create();
    network = await SilentNetwork.to(scratch.url);
    driver = await scratch.open(statements, {
      url: network.url,
      statementTimeoutMs: 500,
      connectTimeoutMs: 1000,
      poolSize: 2,
      echoEveryMs: 50,
    });
    await until("wake-ups arrive", () => driver.wakeUpsHealthy());
  });
  afterEach(async () => {
    network.silent = false;
    await scratch.drop();
    await network.close();
  });

  it("is noticed by statements, transactions, the hot connection and wake-ups, and all work again after it", async () => {
    await until("hot statements run", () => driver.hot.all("number.one").catch(() => null));
    const silence = async () => {
      network.silent = true;
      const errors = await Promise.all([
        failure(driver.all("number.one")),
        failure(driver.hot.all("number.one")),
      ]);
      for (const error of errors) expect(error).to.be.instanceOf(DatabaseUnavailable);
    };
    const transaction = failure(
      driver.transaction(async (tx) => {
        await silence();
        await tx.all("number.one");
      }),
    );
    expect(await transaction).to.be.instanceOf(DatabaseUnavailable);
    await until("it is noticed", () => !driver.wakeUpsHealthy());

    network.silent = false;
    await until("statements run", () => driver.all("number.one").catch(() => null));
    await until("hot statements run", () => driver.hot.all("number.one").catch(() => null));
    await until("wake-ups arrive", () => driver.wakeUpsHealthy());
    await until("transactions run", () => driver.transaction((tx) => tx.all("number.one")).catch(() => null));
  });
});
