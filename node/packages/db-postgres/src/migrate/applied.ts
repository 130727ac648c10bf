import { migrationsTable } from "@maxq/db/migrate";
import type { ClientBase, Pool } from "pg";

/** Names of the migrations that a database had, null if it never had one. Throws what pg throws. */
export async function appliedMigrations(client: ClientBase | Pool): Promise<readonly string[] | null> {
  const { rows } = await client.query<{ migrated: boolean }>(
    `select to_regclass('${migrationsTable}') is not null as migrated`,
  );
  if (rows[0]?.migrated !== true) return null;
  return (await client.query<{ name: string }>(`select name from ${migrationsTable}`)).rows.map(
    ({ name }) => name,
  );
}
