import { DatabaseUnavailable, StatementFailed, type Driver, type WakeUp } from "@maxq/db";
import { openPostgresDriver } from "@maxq/db-postgres";
import { openSqliteDriver } from "@maxq/db-sqlite";
import { aFolder, createEmptyDatabase, someStatements, until } from "@maxq/test-kit";
import { expect } from "chai";
import { join } from "node:path";

const statements = {
  "thing.create_table": "create table thing (id bigint primary key, name text not null, ok boolean)",
  "thing.insert": "insert into thing (id, name, ok) values (:id, :name, :ok)",
  "thing.rename": "update thing set name = :name where id >= :from",
  "thing.list": 'select id, name, ok as "isOk" from thing order by id',
  "thing.count": 'select count(*) as "howMany" from thing',
  "thing.broken": "select no_such_column from thing",
  "thing.slice": "select id from thing order by id limit :limit",
};
const work: WakeUp = { reason: "work" };

const adapters: Record<string, (sqlDirectory: string) => Promise<[Driver, () => Promise<void>]>> = {
  async SQLite(sqlDirectory) {
    const driver = await openSqliteDriver({ file: join(aFolder("driver"), "maxq.db"), sqlDirectory });
    return [driver, () => driver.close()];
  },
  async PostgreSQL(sqlDirectory) {
    const database = await createEmptyDatabase();
    const driver = await openPostgresDriver({ url: database.url, sqlDirectory });
    return [driver, () => driver.close().then(database.drop)];
  },
};

for (const [title, open] of Object.entries(adapters))
  describe(`the driver on ${title}`, () => {
    let driver: Driver;
    let end: () => Promise<void>;

    beforeEach(async () => {
      [driver, end] = await open(someStatements(statements));
      await driver.run("thing.create_table");
    });
    afterEach(() => end());

    const insert = (id: number, name: string, by: Pick<Driver, "run"> = driver) =>
      by.run("thing.insert", { id, name, ok: true });
    const howMany = async () => (await driver.all<{ howMany: number }>("thing.count"))[0]?.howMany;
    const failure = (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(() => null).catch((e: unknown) => e);

    it("says how many rows a statement moved", async () => {
      await insert(1, "a");
      await insert(2, "b");
      expect(await driver.run("thing.rename", { name: "c", from: 1 })).to.equal(2);
    });

    it("drops parameters that a statement does not have", async () => {
      await insert(1, "a");
      expect(await driver.run("thing.rename", { name: "c", from: 1, more: [1, 2] })).to.equal(1);
    });

    it("refuses a parameter that is missing, by name", async () => {
      const error = await failure(driver.run("thing.rename", { name: "c" }));
      expect((error as Error).message)
        .to.include("thing.rename")
        .and.include(":from");
    });

    it("refuses a statement that there is none of, and says where it looked", async () => {
      expect(((await failure(driver.all("thing.nope"))) as Error).message).to.include("thing/nope.sql");
    });

    it("answers whole numbers as numbers, up to 2^53", async () => {
      await insert(Number.MAX_SAFE_INTEGER, "a");
      const [row] = await driver.all<{ id: number; isOk: unknown }>("thing.list");
      expect(row?.id).to.equal(Number.MAX_SAFE_INTEGER);
      expect(Boolean(row?.isOk)).to.equal(true);
      expect(await howMany()).to.equal(1);
    });

    it("keeps any text, but NUL as U+FFFD", async () => {
      await insert(1, "ä 😀 ' \\ \0 $1 :x");
      expect(await driver.all("thing.list")).to.have.nested.property("[0].name", "ä 😀 ' \\ \uFFFD $1 :x");
    });

    it("takes numbers where SQL wants whole ones", async () => {
      await insert(1, "a");
      await insert(2, "b");
      expect(await driver.all("thing.slice", { limit: 1 })).to.have.length(1);
    });

    it("says which statement failed, and never what was sent", async () => {
      await insert(1, "a");
      const error = await failure(insert(1, "a secret"));
      expect(error).to.be.instanceOf(StatementFailed).and.have.property("statement", "thing.insert");
      expect(
        JSON.stringify(error) + (error as Error).message + String((error as Error).stack),
      ).not.to.include("secret");
      expect(await failure(driver.all("thing.broken"))).to.be.instanceOf(StatementFailed);
    });

    describe("in a transaction", () => {
      it("commits what ran through it, and answers what the work answers", async () => {
        const answer = await driver.transaction(async (tx) => {
          await insert(1, "a", tx);
          return tx.all("thing.list");
        });
        expect(answer).to.have.length(1);
        expect(await howMany()).to.equal(1);
      });

      it("rolls back if the work rejects, with its reason", async () => {
        const reason = new Error("no");
        const error = await failure(
          driver.transaction(async (tx) => {
            await insert(1, "a", tx);
            throw reason;
          }),
        );
        expect(error).to.equal(reason);
        expect(await howMany()).to.equal(0);
      });

      it("does not commit past a fault that the work swallowed", async () => {
        const error = await failure(
          driver.transaction(async (tx) => {
            await insert(1, "a", tx);
            await tx.all("thing.broken").catch(() => []);
          }),
        );
        expect(error).to.be.instanceOf(StatementFailed).and.have.property("statement", "thing.broken");
        expect(await howMany()).to.equal(0);
      });

      it("goes on after one that failed", async () => {
        await failure(driver.transaction((tx) => tx.all("thing.broken")));
        await driver.transaction((tx) => insert(1, "a", tx));
        expect(await howMany()).to.equal(1);
      });

      it("refuses a statement after its end", async () => {
        let late: Promise<unknown> = Promise.resolve(null);
        await driver.transaction((tx) => {
          late = new Promise((resolve) => setImmediate(resolve)).then(() => failure(insert(1, "a", tx)));
          return Promise.resolve();
        });
        expect(await late).to.be.instanceOf(Error);
        expect(await howMany()).to.equal(0);
      });

      it("takes statements side by side, one after the other", async () => {
        await driver.transaction((tx) => Promise.all([1, 2, 3].map((id) => insert(id, "a", tx))));
        expect(await howMany()).to.equal(3);
      });

      it("keeps others apart", async () => {
        await Promise.all(
          Array.from({ length: 20 }, (_, id) =>
            driver.transaction(async (tx) => {
              await insert(id, "a", tx);
              if (id % 2 === 1) throw new Error("odd");
            }),
          ).map(failure),
        );
        expect(await howMany()).to.equal(10);
      });
    });

    describe("waking", () => {
      let told: WakeUp[];
      const wake = (wakeUp: WakeUp) =>
        driver.transaction((tx) => {
          tx.wake(wakeUp);
          return Promise.resolve();
        });
      beforeEach(async () => {
        await until("wake-ups arrive", () => driver.wakeUpsHealthy());
        told = [];
        driver.onWakeUp((wakeUp) => told.push(wakeUp));
      });

      it("tells after the commit, each wake-up once", async () => {
        await driver.transaction((tx) => {
          tx.wake(work);
          tx.wake({ reason: "run", runId: "r" });
          tx.wake({ reason: "work" });
          told.length = 0;
          return Promise.resolve();
        });
        expect(told).to.deep.equal([work, { reason: "run", runId: "r" }]);
      });

      it("tells nothing of what did not commit", async () => {
        await wake({ reason: "control", runId: "first" });
        told.length = 0;
        await failure(
          driver.transaction((tx) => {
            tx.wake({ reason: "control", runId: "r" });
            throw new Error("no");
          }),
        );
        expect(told.filter(({ reason }) => reason === "control")).to.deep.equal([]);
      });

      it("stops telling who does not listen any more", async () => {
        const more: WakeUp[] = [];
        const stop = driver.onWakeUp((wakeUp) => more.push(wakeUp));
        stop();
        await wake(work);
        expect(more).to.deep.equal([]);
      });
    });

    it("is unavailable once closed", async () => {
      await driver.close();
      await driver.close();
      const error = await failure(driver.all("thing.list"));
      expect(error).to.be.instanceOf(DatabaseUnavailable);
    });
  });
