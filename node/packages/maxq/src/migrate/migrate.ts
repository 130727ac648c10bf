import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { databaseOf, describeDatabase, type Database } from "../compose/database.js";
import { openStoreToLook } from "../compose/look-store.js";
import { migrateDatabase } from "../compose/open-store.js";
import { settingsOrComplain } from "../settings/or-complain.js";

/** `maxq migrate`: brings the schema up to date, or says whether it is. */
export async function migrate(invocation: Invocation, action: "latest" | "status"): Promise<number> {
  const settings = settingsOrComplain(invocation);
  if (settings === null) return exitCode.usage;
  const database = databaseOf(settings);
  if (action === "status") return status(invocation, database);
  const result = await migrateDatabase(database);
  const applied = result.reason === "migrated" ? result.applied : [];
  const how = applied.length > 0 ? `: ran ${applied.join(", ")}` : ", as it was before";
  const where = describeDatabase(database);
  invocation.out(
    invocation.json
      ? JSON.stringify({ database: where, schema: "current", applied })
      : `The schema of ${where} is current${how}.`,
  );
  return exitCode.success;
}

const words = {
  current: "is current",
  older: "is older than this MaxQ: run maxq migrate, or start the server",
  newer: "is newer than this MaxQ: start the newer version",
  foreign: "is another application's: give MaxQ a database of its own",
  missing: "does not exist yet: run maxq migrate, or start the server",
} as const;

async function status({ out, json }: Invocation, database: Database): Promise<number> {
  const store = await openStoreToLook(database);
  const schema = store === null ? "missing" : (await store.health().finally(() => store.close())).schema;
  const where = describeDatabase(database);
  out(json ? JSON.stringify({ database: where, schema }) : `The schema of ${where} ${words[schema]}.`);
  return schema === "current" ? exitCode.success : exitCode.failure;
}
