import { DatabaseUnavailable } from "@maxq/db";
import { dirname } from "node:path";
import { describeDatabase, type Database } from "../compose/database.js";
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
        return good(subject, `${what}, schema current`);
      case "missing":
      case "older":
        return warning(
          subject,
          `${what}: its schema is ${schema}`,
          "Run maxq migrate, or just start the server.",
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
    return away
      ? "Check that PostgreSQL runs there, and host, user, password and database name in MAXQ_DATABASE_URL."
      : "Do what it says, or use another database (MAXQ_DATABASE_URL).";
  return away
    ? "Check that the file and its folder can be written by this user, and that there is room on the disk."
    : "Put a backup in its place, or move it away: the first start makes a new one. MAXQ_SQLITE_PATH names another file.";
}
