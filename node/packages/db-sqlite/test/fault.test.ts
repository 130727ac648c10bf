import { DatabaseUnavailable, StatementFailed } from "@maxq/db";
import { migrateSqlite, openSqliteDriver, type SqliteDriver } from "@maxq/db-sqlite";
import { aFolder, someStatements } from "@maxq/test-kit";
import { expect } from "chai";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const sqlDirectory = someStatements({
  "page.create": "create table page (text text check (text <> 'odd'))",
  "page.limit": "pragma max_page_count = 8",
  "page.add": "insert into page values (:text) returning text",
  "page.json": "select json(:text) as text",
  "page.list": "select text from page",
});

describe("a fault of a SQLite statement that gives rows", () => {
  let file: string;
  let driver: SqliteDriver;
  const open = async (): Promise<void> => {
    driver = await openSqliteDriver({ file, sqlDirectory });
  };
  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(() => null).catch((e: unknown) => e);

  beforeEach(async () => {
    file = join(aFolder("fault"), "maxq.db");
    await open();
    await driver.run("page.create");
  });
  afterEach(() => driver.close());

  it("makes the database unavailable where its disk is full", async () => {
    await driver.all("page.limit");
    const error = await failure(driver.all("page.add", { text: "x".repeat(100_000) }));
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect((error as Error).message).to.include("SQLITE_FULL");
  });

  for (const [statement, text, code] of [
    ["page.add", "odd", "SQLITE_CONSTRAINT"],
    ["page.json", "{", "SQLITE_ERROR"],
  ] as const)
    it(`is of its content where that is ${code}'s cause`, async () => {
      const error = await failure(driver.all(statement, { text }));
      expect(error).to.be.instanceOf(StatementFailed);
      expect(error).to.deep.include({ statement, code, ofContent: true });
    });

  it("names the file where that is damaged, and is not of its content", async () => {
    await driver.run("page.add", { text: "x".repeat(9000) });
    await driver.close();
    const descriptor = openSync(file, "r+");
    writeSync(descriptor, "junk".repeat(1024), 4096);
    closeSync(descriptor);
    await open();
    const error = await failure(driver.all("page.list"));
    expect(error).to.be.instanceOf(StatementFailed);
    expect(error).to.deep.include({ statement: "page.list", code: "SQLITE_CORRUPT", ofContent: false });
    expect((error as Error).message).to.include(file);
  });

  it("names the file where that is no database at all", async () => {
    const other = join(aFolder("fault"), "maxq.db");
    writeFileSync(other, "no database, and longer than the header of one is. ".repeat(20));
    const error = await failure(migrateSqlite({ file: other }));
    expect(error).to.be.instanceOf(StatementFailed);
    expect((error as Error).message).to.include(other);
  });
});
