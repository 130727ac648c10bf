import type * as Sqlite from "@photostructure/sqlite";

/** What is used of SQLite: the same in Node's own module and in the package that stands in for it. */
export type SqliteLibrary = Pick<typeof Sqlite, "DatabaseSync">;
export type Connection = Sqlite.DatabaseSyncInstance;
export type PreparedStatement = Sqlite.StatementSyncInstance;

/** For each connection to a database: a statement waits for other processes that open, migrate, checkpoint or close the file, for 5 s. */
export const WAIT_FOR_OTHERS = "pragma busy_timeout = 5000";

/** For each connection that writes: a commit survives a power cut. */
export const DURABLE = "pragma journal_mode = wal; pragma synchronous = full";

/** `node:sqlite` where this Node has it (22.13 and later), else the package with the same API. */
export async function sqliteLibrary(): Promise<SqliteLibrary> {
  return builtIn() ?? (await import("@photostructure/sqlite"));
}

// Node 22 says once a process that its module is experimental: nothing that the user of MaxQ can act on.
function builtIn(): SqliteLibrary | undefined {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule("node:sqlite") as unknown as SqliteLibrary | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
