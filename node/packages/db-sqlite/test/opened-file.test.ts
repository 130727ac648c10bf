import { DatabaseUnavailable } from "@maxq/db";
import { migrateSqlite, openSqliteDriver, type SqliteDriver } from "@maxq/db-sqlite";
import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";

describe("a SQLite file that is no longer in its place", () => {
  let file: string;
  let driver: SqliteDriver;
  const store = (value: string): Promise<unknown> =>
    driver.transaction((tx) => tx.run("setting.replace", { name: "a", value }));
  const refused = async (promise: Promise<unknown>): Promise<void> => {
    const error = await promise.then(() => null).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect((error as Error).message)
      .to.contain(file)
      .and.to.contain("Stop this process");
  };

  beforeEach(async () => {
    file = join(aFolder("opened"), "maxq.db");
    await migrateSqlite({ file });
    driver = await openSqliteDriver({ file });
    await store("first");
  });
  afterEach(() => driver.close());

  it("takes nothing any more where it was removed, and goes on where it is put back", async () => {
    renameSync(file, `${file}.away`);
    await refused(store("second"));
    await refused(driver.all("setting.get", { name: "a" }));
    expect((await driver.health()).writes).to.equal("file_gone");

    renameSync(`${file}.away`, file);
    await store("third");
    expect(await driver.all("setting.get", { name: "a" })).to.deep.equal([{ value: "third" }]);
    expect((await driver.health()).writes).to.equal("accepted");
  });

  it("takes nothing any more where another one was put there", async () => {
    copyFileSync(file, `${file}.copy`);
    renameSync(`${file}.copy`, file);
    await refused(store("second"));
    expect((await driver.health()).writes).to.equal("file_gone");
  });
});
