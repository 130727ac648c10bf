import { DatabaseUnavailable } from "@maxq/db";
import { describeDatabase, type Database } from "../compose/database.js";
import { openStoreToLook } from "../compose/look-store.js";
import { bad, good, warning, type Finding } from "./finding.js";

const subject = "Database";

const CURE_IN_MESSAGE = "Do so, or use another database (MAXQ_DATABASE_URL).";

/** Can the database be asked, and is its schema the one of this program? */
export async function checkDatabase(database: Database): Promise<Finding> {
  const where = describeDatabase(database);
  try {
    const store = await openStoreToLook(database);
    if (store === null) return good(subject, `${where} does not exist yet; the first start makes it`);
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
    const away = error instanceof DatabaseUnavailable;
    return bad(subject, `${where} cannot be used: ${why}`, away ? cureOf(database) : CURE_IN_MESSAGE);
  }
}

function cureOf(database: Database): string {
  return database.reason === "postgres"
    ? "Check that PostgreSQL runs there, and host, user, password and database name in MAXQ_DATABASE_URL."
    : "Check that the file and its folder can be written by this user, and that there is room on the disk.";
}
