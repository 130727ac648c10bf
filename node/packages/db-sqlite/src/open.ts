import type { Store } from "@maxq/db";
import type { ThreadOptions } from "./thread/options.js";
import { remote } from "./thread/remote.js";
import { startThread } from "./thread/start.js";

/** Which file, and what belongs to the store of it. */
export interface SqliteStoreOptions {
  /** Path of the database file. Its schema is `migrateSqlite`'s business. */
  readonly file: string;
  /** Where the statement files are; the package's own by default. */
  readonly sqlDirectory?: string;
  /** The migrations that this program knows; those that came with it by default. */
  readonly migrationsDirectory?: string;
  /** How long to wait for a migration that holds the file, in ms; a server that holds it is not waited for. Default 30,000. */
  readonly waitMs?: number;
  /** Where the thread's module is, if not beside this one: for bundles. */
  readonly threadModule?: URL;
  /** For tests: ms added to the clock of `now_ms()`, in shared memory, so that it can be turned while the store is open. */
  readonly clockShift?: Float64Array;
}

/**
 * Opens the Store on a SQLite file, in a thread of its own, because each commit blocks on the disk.
 * Rejects with `DatabaseInUse` if another process serves that file, with `DatabaseUnavailable` if it cannot be opened or written.
 */
export function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file, sqlDirectory, migrationsDirectory, clockShift, waitMs = 30_000 } = options;
  const data: ThreadOptions = { file, sqlDirectory, migrationsDirectory, clockShift, waitMs };
  const module = options.threadModule ?? new URL("./thread/main.js", import.meta.url);
  return remote<Store>(startThread(module, data));
}
