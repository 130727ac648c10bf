import type { Health } from "@maxq/db";
import { schemaState } from "@maxq/db/migrate";
import type { Pool } from "pg";
import { postgresFault } from "../connection/fault.js";
import { appliedMigrations } from "../migrate/applied.js";

/** Who asks whether the database is there does not wait for it: what takes longer, in ms, is a no. */
const PATIENCE_MS = 3_000;

/** Rejects with `DatabaseUnavailable` if the database cannot be asked, or does not answer soon. */
export async function readHealth(pool: Pool, knownMigrations: readonly string[]): Promise<Health> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([ask(pool, knownMigrations), late]);
  } catch (error) {
    throw postgresFault("health", error);
  } finally {
    clearTimeout(timer);
  }
}

async function ask(pool: Pool, knownMigrations: readonly string[]): Promise<Health> {
  // On a standby it is on as well.
  const { rows } = await pool.query<{ version: string; readOnly: boolean }>(
    `select current_setting('server_version') as version, current_setting('transaction_read_only')::boolean as "readOnly"`,
  );
  const schema = schemaState(await appliedMigrations(pool), knownMigrations);
  const { version, readOnly } = rows[0]!;
  return { database: "postgres", version, schema, writes: readOnly ? "read_only" : "accepted" };
}
