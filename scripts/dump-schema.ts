// Writes database/schema.postgres.sql and database/schema.sqlite.sql. PostgreSQL is found as the tests find it.
import { endOfTests, postgresSchema, sqliteSchema } from "@maxq/test-kit";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const database = join(import.meta.dirname, "..", "database");
try {
  writeFileSync(join(database, "schema.sqlite.sql"), await sqliteSchema());
  writeFileSync(join(database, "schema.postgres.sql"), await postgresSchema());
} finally {
  await endOfTests();
}
