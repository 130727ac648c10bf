import {
  defaultMigrationsDirectory,
  migrateToLatest,
  migrationSettings,
  quietLog,
  withoutMigrating,
  type MigrationResult,
} from "@maxq/db/migrate";
import type { Knex } from "knex";
import pg from "pg";
import { clientConfig, placeOf } from "../connection/config.js";
import { connectFault, postgresFault } from "../connection/fault.js";
import { appliedMigrations } from "./applied.js";
import { takeMigrationLock } from "./lock.js";
import { obstacle } from "./obstacle.js";

/** Which database, and how long others are waited for. */
export interface MigratePostgresOptions {
  readonly url: string;
  /** Those that came with this program by default. */
  readonly migrationsDirectory?: string | undefined;
  /** How long to wait for other processes that migrate the database, in ms. Default 60,000. */
  readonly waitMs?: number;
}

/**
 * Brings the schema of a database up to this program's. Any number of processes may do so at once, and any of them may be killed: what it had done is undone.
 * Wants a direct connection: behind a transaction pooler the lock is nobody's. Rejects with `DatabaseUnavailable` if the database cannot be reached, with a plain
 * error that says what to do if the role may not, or another process does not come to an end.
 */
export async function migratePostgres(options: MigratePostgresOptions): Promise<MigrationResult> {
  const { url, migrationsDirectory = defaultMigrationsDirectory(), waitMs = 60_000 } = options;
  const place = placeOf(url);
  const client = new pg.Client(clientConfig({ url, applicationName: "maxq migrate" }));
  client.on("error", () => undefined);
  try {
    const looked = await look(client, place, migrationsDirectory).catch((error: unknown) => {
      throw connectFault(`at ${place}`, error);
    });
    if (looked.obstacle !== null) throw new Error(looked.obstacle);
    if (looked.nothingToDo !== null) return looked.nothingToDo;
    await takeMigrationLock(client, waitMs);
    return await withKnex(url, migrationsDirectory);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Connects, and looks whether there is anything to do, and what keeps the role from it, or from working there. */
async function look(
  client: pg.Client,
  place: string,
  directory: string,
): Promise<{ readonly nothingToDo: MigrationResult | null; readonly obstacle: string | null }> {
  await client.connect();
  const nothingToDo = withoutMigrating(await appliedMigrations(client), directory);
  return { nothingToDo, obstacle: await obstacle(client, place, nothingToDo === null) };
}

async function withKnex(url: string, directory: string): Promise<MigrationResult> {
  const { default: createKnex } = await import("knex");
  const knex = createKnex({ ...postgresKnexConfig(url, directory), log: quietLog });
  try {
    return await migrateToLatest(knex, directory);
  } catch (error) {
    // Knex has plain errors of its own, about the directory of migrations.
    const ofPostgres = error instanceof AggregateError || (error instanceof Error && "code" in error);
    throw ofPostgres ? postgresFault("migrate", error) : error;
  } finally {
    await knex.destroy();
  }
}

/** What knex needs to know for a PostgreSQL database; the knexfile uses it too. */
export function postgresKnexConfig(url: string, migrationsDirectory: string): Knex.Config {
  return {
    client: "pg",
    connection: { connectionString: url, application_name: "maxq migrate", connectionTimeoutMillis: 5_000 },
    pool: { min: 0, max: 2 },
    migrations: migrationSettings(migrationsDirectory),
  };
}
