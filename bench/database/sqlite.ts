import { migrateSqlite, openSqliteDriver } from "@maxq/db-sqlite";
import { aFolder, someStatements } from "@maxq/test-kit";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BenchDatabase } from "./database.js";
import { slowFsyncLibrary } from "./slow-fsync.js";

/** Makes a SQLite file with the current schema. MaxQ opens it with synchronous=FULL. */
export async function createSqliteDatabase(
  slowFsync: boolean,
): Promise<BenchDatabase & { drop(): Promise<void> }> {
  const folder = aFolder("sqlite");
  const file = join(folder, "maxq.db");
  await migrateSqlite({ file });
  const slow = slowFsync ? { LD_PRELOAD: slowFsyncLibrary(), MAXQ_HIDE_ENV: "LD_PRELOAD" } : {};
  return {
    kind: "sqlite",
    env: { MAXQ_SQLITE_PATH: file, ...slow },
    url: null,
    file,
    query: (sql) => query(file, sql),
    cpuMs: () => 0,
    statements: () => Promise.resolve(0),
    deadlocks: () => 0,
    drop: () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

async function query<R extends object>(file: string, sql: string): Promise<R[]> {
  const sqlDirectory = someStatements({ "bench.query": sql });
  const driver = await openSqliteDriver({ file, sqlDirectory });
  try {
    return await driver.all<R>("bench.query");
  } finally {
    await driver.close();
    rmSync(sqlDirectory, { recursive: true, force: true });
  }
}
