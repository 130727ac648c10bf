import { createStore, type Store } from "@maxq/db";
import type { Database } from "./database.js";
import { openStore } from "./open-store.js";

/**
 * Opens the Store to look something up, or to keep one setting, also while a server has the database: on SQLite without the lock that makes it
 * the business of one process. Never claim or schedule through it. Null if there is no database file yet;
 * rejects with `DatabaseUnavailable` where this user may not read it.
 */
export async function openStoreToLook(database: Database): Promise<Store | null> {
  if (database.reason === "postgres") return openStore(database);
  const { databaseExists, openSqliteDriver } = await import("@maxq/db-sqlite");
  if (!databaseExists(database.file)) return null;
  const driver = await openSqliteDriver({ file: database.file });
  return createStore(driver);
}
