import type { Knex } from "knex";
import { knownMigrations, schemaState } from "./state.js";

/** `newer`: the database was migrated by a later version of MaxQ. `foreign`: the table is another application's. Nothing was done then. */
export type MigrationResult =
  | { readonly reason: "migrated"; readonly applied: readonly string[] }
  | { readonly reason: "current" }
  | { readonly reason: "newer"; readonly unknown: readonly string[] }
  | { readonly reason: "foreign"; readonly table: string };

/** The table in which knex keeps which migrations a database had. */
export const migrationsTable = "knex_migrations";

/** Where migrations are found and what knex keeps of them: the same for the program, the tests and the knexfile. */
export function migrationSettings(directory: string): Knex.MigratorConfig {
  return { directory, tableName: migrationsTable, loadExtensions: [".mjs"], extension: "mjs" };
}

/** Knex reports by rejecting; what it would print besides is dropped. */
export const quietLog = { warn: nothing, error: nothing, deprecate: nothing, debug: nothing };

/** What is to be done with a database that had these migrations (null: it never had one); null if that is to run more. */
export function withoutMigrating(
  applied: readonly string[] | null,
  directory: string,
): MigrationResult | null {
  const known = knownMigrations(directory);
  switch (schemaState(applied, known)) {
    case "current":
      return { reason: "current" };
    case "newer":
      return { reason: "newer", unknown: (applied ?? []).filter((name) => !known.includes(name)) };
    case "foreign":
      return { reason: "foreign", table: migrationsTable };
    case "older":
    case "missing":
      return null;
  }
}

/**
 * Runs what is missing, in one transaction. The caller holds a lock that only one process has: knex's own does not wait, and stays set after a kill,
 * so whoever holds ours may free it.
 */
export async function migrateToLatest(knex: Knex, directory: string): Promise<MigrationResult> {
  // Asked again, now that the lock is held.
  const before = await appliedMigrations(knex);
  const nothingToDo = withoutMigrating(before, directory);
  if (nothingToDo !== null) return nothingToDo;
  if ((before ?? []).length === 0 && (await knex.schema.hasTable("run")))
    return { reason: "foreign", table: "run" };
  try {
    await knex.migrate.forceFreeMigrationsLock();
    const [, applied] = (await knex.migrate.latest()) as [number, string[]];
    return { reason: "migrated", applied };
  } catch (error) {
    if (before === null) await removeTraces(knex).catch(nothing);
    throw withoutStatement(error);
  }
}

/** What knex has made before it failed, if nothing else was done. */
async function removeTraces(knex: Knex): Promise<void> {
  const applied = await appliedMigrations(knex);
  if (applied !== null && applied.length > 0) return;
  await knex.schema.dropTableIfExists(migrationsTable);
  await knex.schema.dropTableIfExists(`${migrationsTable}_lock`);
}

/** Knex puts the whole statement before what the database said of it. */
function withoutStatement(error: unknown): unknown {
  if (error instanceof Error && "code" in error) error.message = error.message.split(" - ").at(-1)!;
  return error;
}

async function appliedMigrations(knex: Knex): Promise<readonly string[] | null> {
  if (!(await knex.schema.hasTable(migrationsTable))) return null;
  return knex<{ id: number; name: string }>(migrationsTable).orderBy("id").pluck("name");
}

function nothing(): void {
  // Said by the rejection.
}
