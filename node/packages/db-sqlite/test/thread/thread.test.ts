import { DatabaseUnavailable, StatementFailed, type Store, type WakeUp } from "@maxq/db";
import { migrateSqlite, openSqliteStore } from "@maxq/db-sqlite";
import { aFolder, startScript } from "@maxq/test-kit";
import { expect } from "chai";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sqliteLibrary } from "../../src/connection/library.js";
import { received, sendable } from "../../src/thread/messages.js";

const aRun = {
  flowName: "a",
  flowTitle: null,
  input: null,
  metadata: {},
  priority: 0,
  timeoutMs: null,
  name: null,
  description: null,
  parentRunId: null,
  idempotency: null,
} as const;

describe("the Store in a thread of its own", () => {
  let file: string;
  let store: Store;

  beforeEach(async () => {
    file = join(aFolder("thread"), "maxq.db");
    await migrateSqlite({ file });
    store = await openSqliteStore({ file });
  });
  afterEach(() => store.close());

  it("answers as it would here", async () => {
    const created = await store.createRun(aRun);
    expect(created.reason).to.equal("created");
    expect(await store.health()).to.include({ database: "sqlite", schema: "current" });
  });

  it("can be awaited: it is no promise", async () => {
    expect(await Promise.resolve(store)).to.equal(store);
  });

  it("passes wake-ups on", async () => {
    const told = new Promise<WakeUp>((resolve) => void store.onWakeUp(resolve));
    await store.createRun(aRun);
    expect(await told).to.have.property("reason");
    expect(store.wakeUpsHealthy()).to.equal(true);
  });

  it("waits for another process that writes, and does not when it is closed: that answers what still waits", async () => {
    const { DatabaseSync } = await sqliteLibrary();
    const other = new DatabaseSync(file);
    other.exec("begin immediate");
    const waits = store.createRun(aRun);
    other.exec("rollback");
    expect((await waits).reason).to.equal("created");
    other.exec("begin immediate");
    // Together they would wait for a minute and more.
    const late = Array.from({ length: 15 }, () => store.createRun(aRun).catch((error: unknown) => error));
    await store.close();
    for (const error of await Promise.all(late)) expect(error).to.be.instanceOf(DatabaseUnavailable);
    other.exec("rollback");
    other.close();
  });

  it("rejects what cannot be sent", async () => {
    const error = await store.settingOnce("a", (() => "b") as never).catch((e: unknown) => e);
    expect((error as Error).name).to.equal("DataCloneError");
  });

  it("takes or rejects what is nested so deep that it cannot be sent, or be sent and not be read there, and goes on", async () => {
    for (const levels of [1_500, 2_200, 2_600, 3_000, 3_300]) {
      let deep: unknown = 1;
      for (let level = 0; level < levels; level++) deep = { deep };
      await store.createRun({ ...aRun, input: deep as never }).catch((error: unknown) => {
        expect(error instanceof DatabaseUnavailable || error instanceof RangeError, String(error)).to.equal(
          true,
        );
      });
    }
    expect((await store.createRun(aRun)).reason).to.equal("created");
  });

  it("tells of a refusal whether what was sent can be to blame", () => {
    for (const ofContent of [true, false]) {
      const refusal = new StatementFailed("run.insert", "SQLITE_CONSTRAINT", "no", ofContent);
      expect(received(structuredClone(sendable(refusal))))
        .to.be.instanceOf(StatementFailed)
        .and.include({ ofContent, statement: "run.insert", code: "SQLITE_CONSTRAINT" });
    }
  });

  it("answers what was asked before its end, and is unavailable afterwards", async () => {
    const asked = store.settingOnce("a", "b");
    await store.close();
    expect(await asked).to.equal("b");
    expect(await store.setting("a").catch((e: unknown) => e)).to.be.instanceOf(DatabaseUnavailable);
    await store.close();
  });

  it("is refused, with the reason's class, if it cannot be opened", async () => {
    const missing = join(file, "..", "missing", "maxq.db");
    expect(await openSqliteStore({ file: missing }).catch((e: unknown) => e)).to.be.instanceOf(
      DatabaseUnavailable,
    );
  });

  it("lets a process end that has forgotten to close it", async () => {
    await store.close();
    const forgets = startScript(fileURLToPath(new URL("./forgets-to-close.mjs", import.meta.url)), {
      args: [file],
    });
    expect(await forgets.ended).to.deep.equal({ code: 0, signal: null });
    expect(forgets.output()).to.include("kept");
  });
});
