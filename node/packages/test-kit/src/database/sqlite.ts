import type { Store } from "@maxq/db";
import { migrateSqlite, openSqliteDriver, openSqliteStore } from "@maxq/db-sqlite";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFolder } from "../folder/temporary.js";
import type { TestDatabase } from "./database.js";

let template: Promise<string> | null = null;

/** A SQLite file in a directory of its own. */
export async function sqliteDatabase(): Promise<TestDatabase> {
  template ??= createTemplate();
  const folder = aFolder("sqlite");
  const file = join(folder, "maxq.db");
  copyFileSync(await template, file);
  const clockShift = new Float64Array(new SharedArrayBuffer(8));
  const stores = new SharedStore(() => openSqliteStore({ file, clockShift }));
  return {
    title: "SQLite",
    environment: { MAXQ_SQLITE_PATH: file },
    openStore: () => stores.open(),
    query: (sql) => queryFile(file, sql),
    turnClock(byMs) {
      clockShift[0]! += byMs;
      return Promise.resolve();
    },
    async drop() {
      await stores.closeAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function createTemplate(): Promise<string> {
  const file = join(aFolder("sqlite-template"), "maxq.db");
  await migrateSqlite({ file });
  return file;
}

/** Runs one query on a file. Its clock is the wall's. */
export async function queryFile<R extends object>(file: string, sql: string): Promise<R[]> {
  const directory = aFolder("sql");
  mkdirSync(join(directory, "test"));
  writeFileSync(join(directory, "test", "query.sql"), sql);
  const driver = await openSqliteDriver({ file, sqlDirectory: directory });
  try {
    return await driver.all<R>("test.query");
  } finally {
    await driver.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** SQLite serves one process: all who open it in this one share a Store, and the last to close it closes it. */
class SharedStore {
  #store: Promise<Store> | null = null;
  readonly #handles = new Set<object>();

  constructor(private readonly openStore: () => Promise<Store>) {}

  async open(): Promise<Store> {
    this.#store ??= this.openStore();
    const store = await this.#store;
    const handle: Store = new Proxy(store, {
      get: (target, method) =>
        method === "close" ? () => this.#close(handle) : (Reflect.get(target, method) as unknown),
    });
    this.#handles.add(handle);
    return handle;
  }

  async closeAll(): Promise<void> {
    for (const handle of [...this.#handles]) await this.#close(handle);
  }

  async #close(handle: object): Promise<void> {
    this.#handles.delete(handle);
    if (this.#handles.size > 0) return;
    const store = await this.#store;
    this.#store = null;
    await store?.close();
  }
}
