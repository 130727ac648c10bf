import { migrationsTable } from "@maxq/db/migrate";
import { databaseExists } from "../connection/exists.js";
import { sqliteFault } from "../connection/fault.js";
import { sqliteLibrary, WAIT_FOR_OTHERS, type Connection } from "../connection/library.js";

/** Names of the migrations that a file had, null if it never had one or does not exist. Changes nothing: a server may have it. */
export async function appliedMigrations(file: string): Promise<readonly string[] | null> {
  if (!databaseExists(file)) return null;
  const { DatabaseSync } = await sqliteLibrary();
  try {
    const connection = new DatabaseSync(file, { readOnly: true });
    try {
      connection.exec(WAIT_FOR_OTHERS);
      return readMigrations(connection);
    } finally {
      connection.close();
    }
  } catch (error) {
    throw sqliteFault("read the migrations of", file, error);
  }
}

/** The same on an open connection. Throws what SQLite throws. */
export function readMigrations(connection: Connection): readonly string[] | null {
  const migrated = connection.prepare(`select 1 from sqlite_master where name = '${migrationsTable}'`).all();
  if (migrated.length === 0) return null;
  const rows = connection.prepare(`select name from ${migrationsTable}`).all() as { name: string }[];
  return rows.map(({ name }) => name);
}
