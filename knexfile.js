// For `npm run migrate:maxq:…`: the database that the server would use, found in the same variables. Needs a build (./scripts/build.sh).
// The server and `maxq migrate` bring the schema up to date by themselves, one process at a time; this is for working on migrations.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const directory = join(import.meta.dirname, "database", "migrations");

const { MAXQ_DATABASE_URL, MAXQ_DATABASE_URL_FILE, MAXQ_SQLITE_PATH, MAXQ_DATA_DIR } = process.env;
const url =
  MAXQ_DATABASE_URL || (MAXQ_DATABASE_URL_FILE && readFileSync(MAXQ_DATABASE_URL_FILE, "utf8").trim());

const config = url
  ? await postgres(url)
  : await sqlite(MAXQ_SQLITE_PATH || join(MAXQ_DATA_DIR || "data", "maxq.db"));
export default config;

async function postgres(url) {
  const { postgresKnexConfig } = await import("@maxq/db-postgres");
  return postgresKnexConfig(url, directory);
}

async function sqlite(file) {
  const { sqliteKnexConfig } = await import("@maxq/db-sqlite");
  mkdirSync(dirname(file), { recursive: true });
  return sqliteKnexConfig(file, directory);
}
