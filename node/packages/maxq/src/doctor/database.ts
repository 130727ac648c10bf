import { DatabaseUnavailable } from "@maxq/db";
import { dirname } from "node:path";
import { describeDatabase, howToReachPostgres, type Database } from "../compose/database.js";
import { openStoreToLook } from "../compose/look-store.js";
import { obstacleToFilesIn } from "./data-dir.js";
import { bad, good, warning, type Finding } from "./finding.js";

const subject = "Database";

/** Can the database be asked, and is its schema the one of this program? */
export async function checkDatabase(database: Database): Promise<Finding> {
  const where = describeDatabase(database);
  try {
    const store = await openStoreToLook(database);
    if (store === null) return checkPlaceOf(database);
    const { version, schema } = await store.health().finally(() => store.close());
    const what = `${where} (version ${version})`;
    switch (schema) {
      case "current":
        return (await checkRights(database, false)) ?? good(subject, `${what}, schema current`);
      case "foreign":
        return bad(
          subject,
          `${what} is used by another application: its table of migrations is none of MaxQ's`,
          "Give MaxQ a database of its own (MAXQ_DATABASE_URL, or MAXQ_SQLITE_PATH).",
        );
      case "missing":
      case "older":
        return (
          (await checkRights(database, true)) ??
          warning(subject, `${what}: its schema is ${schema}`, "Run maxq migrate, or just start the server.")
        );
      case "newer":
        return bad(
          subject,
          `${what}: its schema is newer than this MaxQ`,
          "Start the newer version, or use another database.",
        );
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return bad(
      subject,
      `${where} cannot be used: ${why}`,
      cureOf(database, error instanceof DatabaseUnavailable),
    );
  }
}

/** What keeps the role from working there; null if nothing does. */
async function checkRights(database: Database, makesTables: boolean): Promise<Finding | null> {
  if (database.reason === "sqlite") return null;
  const { postgresObstacle } = await import("@maxq/db-postgres");
  const obstacle = await postgresObstacle(database.url, makesTables);
  return obstacle === null ? null : bad(subject, obstacle, cureOf(database, false));
}

/** Of a SQLite file that is not there yet. */
function checkPlaceOf(database: Database): Finding {
  const where = describeDatabase(database);
  const obstacle = database.reason === "sqlite" ? obstacleToFilesIn(dirname(database.file)) : null;
  return obstacle === null
    ? good(subject, `${where} does not exist yet; the first start makes it`)
    : bad(
        subject,
        `${where} cannot be made: ${obstacle}`,
        "Make its folder writable for this user, or name another one (--data-dir, MAXQ_DATA_DIR, MAXQ_SQLITE_PATH).",
      );
}

function cureOf({ reason }: Database, away: boolean): string {
  if (reason === "postgres")
    return away ? howToReachPostgres : "Do what it says, or use another database (MAXQ_DATABASE_URL).";
  return away
    ? "Check that the file and its folder can be written by this user, and that there is room on the disk."
    : "Put a backup in its place, or move it away: the first start makes a new one. MAXQ_SQLITE_PATH names another file.";
}
