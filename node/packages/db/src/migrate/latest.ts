import type { Knex } from "knex";
import { knownMigrations, schemaState } from "./state.js";

/** `newer`: the database was migrated by a later version of MaxQ; nothing was done. */
export type MigrationResult =
  | { readonly reason: "migrated"; readonly applied: readonly string[] }
  | { readonly reason: "current" }
  | { readonly reason: "newer"; readonly unknown: readonly string[] };

/** Where migrations are found and what knex keeps of them: the same for the program, the tests and the knexfile. */
export function migrationSettings(directory: string): Knex.MigratorConfig {
  return { directory, tableName: "knex_migrations", loadExtensions: [".mjs"], extension: "mjs" };
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
  const nothingToDo = withoutMigrating(await appliedMigrations(knex), directory);
  if (nothingToDo !== null) return nothingToDo;
  await knex.migrate.forceFreeMigrationsLock();
  const [, applied] = (await knex.migrate.latest()) as [number, string[]];
  return { reason: "migrated", applied };
}

async function appliedMigrations(knex: Knex): Promise<readonly string[] | null> {
  if (!(await knex.schema.hasTable("knex_migrations"))) return null;
  return knex<{ id: number; name: string }>("knex_migrations").orderBy("id").pluck("name");
}

function nothing(): void {
  // Said by the rejection.
}
