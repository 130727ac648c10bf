import { DatabaseUnavailable } from "@maxq/db";
import { migrateSqlite, openSqliteDriver, type SqliteDriver } from "@maxq/db-sqlite";
import { aFolder, someStatements } from "@maxq/test-kit";
import { expect } from "chai";
import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const sqlDirectory = someStatements({
  "page.create": "create table page (text text)",
  "page.limit": "pragma max_page_count = 8",
  "page.read_only": "pragma query_only = on",
  "page.insert": "insert into page values (:text)",
  "page.count": "select count(*) as n from page",
});

describe("a disk that cannot be written", () => {
  let driver: SqliteDriver;
  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(() => null).catch((e: unknown) => e);
  const count = async () => (await driver.all<{ n: number }>("page.count"))[0]?.n;

  beforeEach(async () => {
    driver = await openSqliteDriver({ file: join(aFolder("disk"), "maxq.db"), sqlDirectory });
    await driver.run("page.create");
  });
  afterEach(() => driver.close());

  it("that is full makes the database unavailable, and leaves nothing half stored", async () => {
    await driver.all("page.limit");
    const error = await failure(
      driver.transaction(async (tx) => {
        await tx.run("page.insert", { text: "small" });
        await tx.run("page.insert", { text: "x".repeat(100_000) });
      }),
    );
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect((error as Error).message)
      .to.include("full")
      .and.include("free some space");
    expect(await count()).to.equal(0);
    await driver.transaction((tx) => tx.run("page.insert", { text: "small" }));
    expect(await count()).to.equal(1);
  });

  it("that is read-only makes it unavailable, and leaves it readable", async () => {
    await driver.all("page.read_only");
    const error = await failure(driver.transaction((tx) => tx.run("page.insert", { text: "small" })));
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect(await count()).to.equal(0);
  });

  it("is told at once if the file cannot be opened", async () => {
    const folder = aFolder("disk");
    mkdirSync(join(folder, "maxq.db"));
    for (const file of [join(folder, "maxq.db"), join(folder, "missing", "maxq.db")]) {
      const error = await failure(openSqliteDriver({ file, sqlDirectory }));
      expect(error).to.be.instanceOf(DatabaseUnavailable);
      expect((error as Error).message)
        .to.include(file)
        .and.include("check that its directory exists");
    }
  });
});

/** The database's files in a folder, with their modes. The lock is an empty file. */
function modesIn(folder: string): [string, string][] {
  const names = readdirSync(folder).filter((name) => !name.includes(".lock"));
  return names.map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
}

describe("a new database file", () => {
  const everyFilePrivate = [
    ["maxq.db", "600"],
    ["maxq.db-shm", "600"],
    ["maxq.db-wal", "600"],
  ];

  it("is its owner's alone, like the files beside it, because it holds the secret that signs tokens", async () => {
    const folder = aFolder("private");
    const driver = await openSqliteDriver({ file: join(folder, "maxq.db"), sqlDirectory });
    await driver.run("page.create");
    const modes = modesIn(folder);
    await driver.close();
    expect(modes).to.deep.equal(everyFilePrivate);
  });

  it("is its owner's alone where migrations make it, in a folder that existed", async () => {
    const folder = aFolder("private");
    const file = join(folder, "maxq.db");
    await migrateSqlite({ file });
    const driver = await openSqliteDriver({ file, sqlDirectory });
    await driver.run("page.create");
    const modes = modesIn(folder);
    await driver.close();
    expect(modes).to.deep.equal(everyFilePrivate);
  });

  it("is left with the mode that it has where it exists", async () => {
    const folder = aFolder("private");
    const file = join(folder, "maxq.db");
    await migrateSqlite({ file });
    chmodSync(file, 0o640);
    await (await openSqliteDriver({ file, sqlDirectory })).close();
    await migrateSqlite({ file });
    expect(modesIn(folder)).to.deep.include(["maxq.db", "640"]);
  });
});

describe("the clock of the database", () => {
  it("is now_ms(), whole milliseconds, and can be handed in", async () => {
    const directory = someStatements({ "clock.read": "select now_ms() as now, typeof(now_ms()) as type" });
    const file = join(aFolder("clock"), "maxq.db");
    const driver = await openSqliteDriver({ file, sqlDirectory: directory, now: () => 1234.5 });
    expect(await driver.all("clock.read")).to.deep.equal([{ now: 1234, type: "integer" }]);
    await driver.close();
  });
});
