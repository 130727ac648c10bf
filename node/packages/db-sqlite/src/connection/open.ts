import { sqliteFault } from "./fault.js";
import { DURABLE, sqliteLibrary, WAIT_FOR_OTHERS, type Connection } from "./library.js";
import { keepPrivate } from "./private.js";

/** Which file, and by which clock. */
export interface ConnectionOptions {
  /** Path of the database file; it is created if missing, readable by its owner alone; its directory is not created. */
  readonly file: string;
  /** Epoch milliseconds, for `now_ms()`. */
  readonly now: () => number;
}

/** Opens the file so that a commit survives a power cut. Rejects with `DatabaseUnavailable` if it cannot be opened or written. */
export async function openConnection({ file, now }: ConnectionOptions): Promise<Connection> {
  const { DatabaseSync } = await sqliteLibrary();
  try {
    keepPrivate(file);
    const connection = new DatabaseSync(file, { enableForeignKeyConstraints: true });
    connection.exec(WAIT_FOR_OTHERS);
    connection.exec(DURABLE);
    connection.exec("pragma cache_size = -4000");
    // A bigint is an INTEGER to SQLite, a number would be a REAL.
    connection.function("now_ms", () => BigInt(Math.trunc(now())));
    return connection;
  } catch (cause) {
    throw sqliteFault("open", file, cause);
  }
}
