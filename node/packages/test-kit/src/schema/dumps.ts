import { migratePostgres } from "@maxq/db-postgres";
import { migrateSqlite } from "@maxq/db-sqlite";
import { join } from "node:path";
import { aFolder } from "../folder/temporary.js";
import { createEmptyDatabase } from "../postgres/database.js";
import { dumpPostgresSchema } from "./postgres.js";
import { dumpSqliteSchema } from "./sqlite.js";

const HEADER = "-- Made by scripts/dump-schema.sh from database/migrations: change those, not this.\n\n";

/** What `database/schema.postgres.sql` is to hold: all migrations, run on an empty database. */
export async function postgresSchema(): Promise<string> {
  const { url, drop } = await createEmptyDatabase();
  try {
    await migratePostgres({ url });
    return HEADER + (await dumpPostgresSchema(url));
  } finally {
    await drop();
  }
}

/** What `database/schema.sqlite.sql` is to hold. */
export async function sqliteSchema(): Promise<string> {
  const file = join(aFolder("schema"), "maxq.db");
  await migrateSqlite({ file });
  return HEADER + (await dumpSqliteSchema(file));
}
