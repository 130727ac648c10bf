import { DatabaseInUse, lockDatabase, migrateSqlite, openSqliteStore } from "@maxq/db-sqlite";
import { aFolder, startScript, until, type Program } from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const holdsFile = fileURLToPath(new URL("./holds-file.mjs", import.meta.url));
const holdsLock = fileURLToPath(new URL("./holds-lock.mjs", import.meta.url));

describe("the lock of a SQLite file", () => {
  let file: string;
  const programs: Program[] = [];
  const holder = async (purpose: "server" | "migration") => {
    const program = startScript(holdsLock, { args: [file, purpose] });
    programs.push(program);
    await program.waitForOutput(/locked/);
    return program;
  };
  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(() => null).catch((e: unknown) => e);

  beforeEach(() => {
    file = join(aFolder("lock"), "maxq.db");
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.stop("SIGKILL");
  });

  it("keeps a second server out, says which process has it, and touches nothing", async () => {
    const { pid } = await holder("server");
    const error = await failure(openSqliteStore({ file }));
    expect(error).to.be.instanceOf(DatabaseInUse);
    expect((error as Error).message).to.match(new RegExp(`server with process id ${pid}, since \\d{4}-`));
    expect(existsSync(file)).to.equal(false);
  });

  it("is waited for where another process has the file itself for a moment", async () => {
    const program = startScript(holdsFile, { args: [file] });
    programs.push(program);
    await program.waitForOutput(/held/);
    expect(await migrateSqlite({ file })).to.have.property("reason", "migrated");
  });

  it("keeps a migration out while a server has the file", async () => {
    await holder("server");
    expect(await failure(migrateSqlite({ file }))).to.be.instanceOf(DatabaseInUse);
  });

  it("keeps a second server of this process out", async () => {
    await migrateSqlite({ file });
    const store = await openSqliteStore({ file });
    expect(await failure(openSqliteStore({ file }))).to.be.instanceOf(DatabaseInUse);
    await store.close();
  });

  it("is the file's, whatever link leads to it", async () => {
    await holder("server");
    writeFileSync(file, "");
    const link = join(aFolder("lock"), "link.db");
    symlinkSync(file, link);
    expect(await failure(openSqliteStore({ file: link }))).to.be.instanceOf(DatabaseInUse);
  });

  it("ends with a killed process, and is taken over although that one's name is still there", async () => {
    const killed = await holder("server");
    await killed.stop("SIGKILL");
    expect(existsSync(`${file}.holder`)).to.equal(true);
    const lock = await lockDatabase(file, "server", 0);
    lock.release();
  });

  it("is its owner's alone, as the file is, so that no other user can take it", async () => {
    const mode = (path: string) => statSync(path).mode & 0o777;
    writeFileSync(`${file}.lock`, "", { mode: 0o644 });
    writeFileSync(`${file}.holder`, "", { mode: 0o644 });
    const lock = await lockDatabase(file, "server", 0);
    expect([mode(`${file}.lock`), mode(`${file}.holder`)]).to.deep.equal([0o600, 0o600]);
    lock.release();
    const fresh = join(aFolder("lock"), "maxq.db");
    (await lockDatabase(fresh, "server", 0)).release();
    expect(mode(`${fresh}.lock`)).to.equal(0o600);
  });

  it("is taken and written through no link", async () => {
    const victim = join(aFolder("lock"), "victim");
    writeFileSync(victim, "");
    symlinkSync(victim, `${file}.holder`);
    (await lockDatabase(file, "server", 0)).release();
    expect(readFileSync(victim, "utf8")).to.equal("");
    const other = join(aFolder("lock"), "maxq.db");
    symlinkSync(victim, `${other}.lock`);
    const error = await failure(lockDatabase(other, "server", 0));
    expect((error as Error).message)
      .to.contain(`${other}.lock`)
      .and.to.contain("link");
  });

  it("is waited for while a migration has it", async () => {
    const migration = await holder("migration");
    const waiting = lockDatabase(file, "server", 10_000);
    await migration.stop("SIGTERM");
    (await waiting).release();
  });

  it("is given up after the time to wait", async () => {
    await holder("migration");
    const error = await failure(lockDatabase(file, "server", 50));
    expect((error as Error).message).to.include("migration with process id");
  });

  it("is free again once the store is closed", async () => {
    await migrateSqlite({ file });
    await (await openSqliteStore({ file })).close();
    await (await openSqliteStore({ file })).close();
    await until("the holder is gone", () => !existsSync(`${file}.holder`));
  });
});
