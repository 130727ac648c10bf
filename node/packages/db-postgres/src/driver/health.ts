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
  const { rows } = await pool.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  const schema = schemaState(await appliedMigrations(pool), knownMigrations);
  return { database: "postgres", version: rows[0]!.version, schema, writes: "accepted" };
}
