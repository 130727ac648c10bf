import { existsSync, realpathSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BUSY, resultCode, sqliteFault } from "../connection/fault.js";
import { sqliteLibrary, type Connection } from "../connection/library.js";
import { keepBeside } from "../connection/private.js";
import { readHolder, removeHolder, writeHolder, type Holder } from "./holder.js";

const POLL_MS = 25;

/** Another process has the database file, and SQLite is for one. Nothing was touched. */
export class DatabaseInUse extends Error {
  override readonly name = "DatabaseInUse";
}

/** The right of one process to a database file. */
export interface DatabaseLock {
  release(): void;
}

/**
 * Takes the file for this process, waiting up to `waitMs` for a migration to end, and refuses at once with `DatabaseInUse` when a server has it.
 *
 * The lock is a transaction that stays open on an empty database beside the file, `<file>.lock`: the kernel drops it with the process, however that ends,
 * so none is ever stale, and it holds between containers that share a volume, where process ids mean nothing to each other.
 * The empty file stays: removing it would let two processes lock two files of one name.
 */
export async function lockDatabase(
  file: string,
  purpose: Holder["purpose"],
  waitMs: number,
): Promise<DatabaseLock> {
  const database = sameFile(file);
  const { DatabaseSync } = await sqliteLibrary();
  const started = performance.now();
  for (;;) {
    let connection: Connection | null = null;
    try {
      keepBeside(`${database}.lock`, database);
      connection = new DatabaseSync(`${database}.lock`);
      connection.exec("begin immediate");
      writeHolder(database, purpose);
      return held(connection, database);
    } catch (error) {
      connection?.close();
      if (resultCode(error) !== BUSY) throw sqliteFault("lock", `${database}.lock`, error);
    }
    const holder = readHolder(database);
    const waited = performance.now() - started;
    if (waited >= waitMs || (holder?.purpose === "server" && isAlive(holder)))
      throw new DatabaseInUse(inUse(file, holder));
    await delay(POLL_MS);
  }
}

function held(connection: Connection, database: string): DatabaseLock {
  let released = false;
  return {
    release() {
      if (released) return;
      released = true;
      // In this order: who locks next writes its own.
      removeHolder(database);
      connection.exec("rollback");
      connection.close();
    },
  };
}

// One lock a file, whatever links lead to it.
function sameFile(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  const directory = dirname(file);
  return existsSync(directory) ? join(realpathSync(directory), basename(file)) : file;
}

/** False only for what is certainly not the holder any more: then the holder is just about to write its own name. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function inUse(file: string, holder: Holder | null): string {
  const advice =
    "A SQLite database serves one MaxQ process: stop that one first, or use PostgreSQL for several.";
  if (holder === null) return `The database ${file} is in use by another process. ${advice}`;
  const { pid, host, since, purpose } = holder;
  const where = host === hostname() ? "" : ` on ${host}`;
  return `The database ${file} is in use by the ${purpose} with process id ${pid}${where}, since ${new Date(since).toISOString()}. ${advice}`;
}
