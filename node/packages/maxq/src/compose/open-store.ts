import { dirname } from "node:path";
import { DatabaseUnavailable, type Store } from "@maxq/db";
import type { MigrationResult } from "@maxq/db/migrate";
import { makeDirectory } from "@maxq/executor";
import type { Logger } from "pino";
import { describeDatabase, howToReachPostgres, type Database } from "./database.js";

/** The database cannot be used as it is: what is wrong, and what to do. */
export class UnusableDatabase extends Error {
  override readonly name = "UnusableDatabase";
}

/** Brings the schema up to date. Rejects with `DatabaseInUse`, `DatabaseUnavailable` or `UnusableDatabase`. */
export async function migrateDatabase(database: Database): Promise<MigrationResult> {
  const result = await migrate(database).catch(withAdvice(database));
  if (result.reason === "foreign")
    throw new UnusableDatabase(
      `${describeDatabase(database)} is used by another application: its table ${result.table} is none of MaxQ's. Give MaxQ a database of its own (MAXQ_DATABASE_URL, or MAXQ_SQLITE_PATH).`,
    );
  if (result.reason !== "newer") return result;
  throw new UnusableDatabase(
    `${describeDatabase(database)} was used by a newer MaxQ: it has migrations that this one does not know (${result.unknown.join(", ")}). Start that version, or give this one another database.`,
  );
}

/** Opens the Store on a database whose schema is current. */
export async function openStore(database: Database): Promise<Store> {
  if (database.reason === "postgres") {
    const { openPostgresStore } = await import("@maxq/db-postgres");
    return openPostgresStore({ url: database.url });
  }
  makeFolderOf(database.file);
  const { openSqliteStore } = await import("@maxq/db-sqlite");
  return openSqliteStore({ file: database.file });
}

/** Brings the schema up to date and opens the Store. */
export async function openMigratedStore(database: Database, logger: Logger): Promise<Store> {
  const result = await migrateDatabase(database);
  if (result.reason === "migrated") {
    logger.info(
      { migrations: result.applied },
      `Brought the schema of ${describeDatabase(database)} up to date`,
    );
  }
  return openStore(database);
}

/**
 * Opens the Store for a process that only works. It makes an empty database's schema, and changes none that others may be working on:
 * rejects with `UnusableDatabase` if that is older than this program. `open` is for tests.
 */
export async function openWorkersStore(
  database: Database,
  logger: Logger,
  open: (database: Database) => Promise<Store> = openStore,
): Promise<Store> {
  const store = await open(database).catch(withAdvice(database));
  const { schema } = await store.health().catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  if (schema === "current") return store;
  await store.close();
  if (schema === "older")
    throw new UnusableDatabase(
      `${describeDatabase(database)} has the schema of an older MaxQ, and a worker does not change what others work on. Run maxq migrate, or start a server of this version, or start that older version here.`,
    );
  return openMigratedStore(database, logger);
}

async function migrate(database: Database): Promise<MigrationResult> {
  if (database.reason === "postgres") {
    const { migratePostgres } = await import("@maxq/db-postgres");
    return migratePostgres({ url: database.url });
  }
  makeFolderOf(database.file);
  const { migrateSqlite } = await import("@maxq/db-sqlite");
  return migrateSqlite({ file: database.file });
}

/** Throws the error on, with what to look at where PostgreSQL does not answer. */
function withAdvice(database: Database): (error: unknown) => never {
  return (error) => {
    if (database.reason === "sqlite" || !(error instanceof DatabaseUnavailable)) throw error;
    throw new DatabaseUnavailable(`${error.message} ${howToReachPostgres}`, { cause: error });
  };
}

/** The folder may hold inputs and outputs of scripts: nobody else's business. */
function makeFolderOf(file: string): void {
  const folder = dirname(file);
  try {
    makeDirectory(folder);
  } catch (error) {
    throw new UnusableDatabase(
      `The folder ${folder} of the database cannot be made (${(error as Error).message}). Name another one (--data-dir, MAXQ_DATA_DIR, MAXQ_SQLITE_PATH).`,
      { cause: error },
    );
  }
}
