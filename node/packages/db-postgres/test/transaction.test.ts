import { DatabaseUnavailable, type Tx } from "@maxq/db";
import type { PostgresDriver } from "@maxq/db-postgres";
import { expect } from "chai";
import { failure, Scratch } from "./scratch.js";

const statements = {
  "thing.add": "update thing set n = n + 1 where id = :id",
  "thing.read": "select n from thing order by id",
  "thing.lock": "select n from thing where id = :id for update",
};

describe("transactions on PostgreSQL", () => {
  let scratch: Scratch;
  let driver: PostgresDriver;
  beforeEach(async () => {
    scratch = await Scratch.create();
    await scratch.query(
      "create table thing (id int primary key, n int not null); insert into thing values (1, 0), (2, 0)",
    );
    driver = await scratch.open(statements, { lockTimeoutMs: 5_000 });
  });
  afterEach(() => scratch.drop());

  /** Two transactions that lock the same rows crosswise, each waiting until the other has its first. */
  const crosswise = () => {
    let arrived = 0;
    let meet: () => void;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const one = (first: number, second: number) => async (tx: Tx) => {
      await tx.run("thing.add", { id: first });
      if (++arrived === 2) meet();
      await both;
      await tx.run("thing.add", { id: second });
    };
    return [driver.transaction(one(1, 2)), driver.transaction(one(2, 1))];
  };

  it("are tried again as a whole after a deadlock", async () => {
    await Promise.all(crosswise());
    expect(await driver.all("thing.read")).to.deep.equal([{ n: 2 }, { n: 2 }]);
  });

  it("do not wait for a lock for ever", async () => {
    const impatient = await scratch.open(statements, { lockTimeoutMs: 50 });
    await driver.transaction(async (tx) => {
      await tx.all("thing.lock", { id: 1 });
      const error = await failure(impatient.run("thing.add", { id: 1 }));
      expect(error).to.be.instanceOf(DatabaseUnavailable).and.have.property("message").that.includes("55P03");
    });
  });

  it("may also run on the hot connection", async () => {
    await driver.hot.transaction((tx) => tx.run("thing.add", { id: 1 }));
    await failure(
      driver.hot.transaction(async (tx) => {
        await tx.run("thing.add", { id: 1 });
        throw new Error("no");
      }),
    );
    expect(await driver.all("thing.read")).to.deep.equal([{ n: 1 }, { n: 0 }]);
  });
});
