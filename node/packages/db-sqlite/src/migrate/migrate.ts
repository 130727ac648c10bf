import {
  defaultMigrationsDirectory,
  migrateToLatest,
  migrationSettings,
  quietLog,
  withoutMigrating,
} from "@maxq/db/migrate";
import type { MigrationResult } from "@maxq/db/migrate";
import type { Knex } from "knex";
import { sqliteFault } from "../connection/fault.js";
import { appliedMigrations } from "./applied.js";
import { lockDatabase } from "../lock/lock.js";
import { sqliteDialect } from "./dialect.js";

/** Which file, and how long others are waited for. */
export interface MigrateSqliteOptions {
  readonly file: string;
  /** Those that came with this program by default. */
  readonly migrationsDirectory?: string | undefined;
  /** How long to wait for other processes that migrate the file, in ms. Default 60,000. */
  readonly waitMs?: number;
}

/**
 * Brings the schema of a file up to this program's, creating the file if it is missing. Any number of processes may do so at once.
 * Rejects with `DatabaseInUse` if there is something to do and a server has the file, with `DatabaseUnavailable` if it cannot be written.
 */
export async function migrateSqlite(options: MigrateSqliteOptions): Promise<MigrationResult> {
  const { file, migrationsDirectory = defaultMigrationsDirectory(), waitMs = 60_000 } = options;
  const nothingToDo = withoutMigrating(await appliedMigrations(file), migrationsDirectory);
  if (nothingToDo !== null) return nothingToDo;
  const lock = await lockDatabase(file, "migration", waitMs);
  try {
    return await withKnex(file, migrationsDirectory);
  } finally {
    lock.release();
  }
}

/** What knex needs to know for a SQLite file; the knexfile uses it too. */
export async function sqliteKnexConfig(file: string, migrationsDirectory: string): Promise<Knex.Config> {
  return {
    client: await sqliteDialect(),
    connection: { filename: file },
    useNullAsDefault: true,
    migrations: migrationSettings(migrationsDirectory),
  };
}

async function withKnex(file: string, directory: string): Promise<MigrationResult> {
  const { default: createKnex } = await import("knex");
  const knex = createKnex({ ...(await sqliteKnexConfig(file, directory)), log: quietLog });
  try {
    return await migrateToLatest(knex, directory);
  } catch (error) {
    throw sqliteFault("migrate", file, error);
  } finally {
    await knex.destroy();
  }
}
