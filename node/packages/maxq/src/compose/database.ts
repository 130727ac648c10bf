import { postgresPlace, readPostgresUrl } from "@maxq/core";
import { join, resolve } from "node:path";
import type { Settings } from "../settings/settings.js";

/** Which database the settings lead to. */
export type Database =
  | { readonly reason: "postgres"; readonly url: string }
  | { readonly reason: "sqlite"; readonly file: string };

/** PostgreSQL if there is a URL, else SQLite at its path, else in the data directory. */
export function databaseOf(settings: Pick<Settings, "databaseUrl" | "sqlitePath" | "dataDir">): Database {
  if (settings.databaseUrl !== null) return { reason: "postgres", url: settings.databaseUrl };
  return { reason: "sqlite", file: resolve(settings.sqlitePath ?? join(settings.dataDir, "maxq.db")) };
}

/** For people and logs: without user and password, and without parameters, which may hold them too. */
export function describeDatabase(database: Database): string {
  if (database.reason === "sqlite") return `SQLite at ${database.file}`;
  return `PostgreSQL at ${postgresPlace(readPostgresUrl(database.url)!)}`;
}

/** What to look at where PostgreSQL does not answer. */
export const howToReachPostgres =
  "Check that PostgreSQL runs there, and host, user, password, database name and sslmode in MAXQ_DATABASE_URL.";

/** Whether the connection takes what its URL leaves out from `PG*` variables, which then are no business of scripts. */
export function connectsByVariables(database: Database): boolean {
  if (database.reason === "sqlite") return false;
  const { hostname, username, password, pathname } = readPostgresUrl(database.url)!;
  return [hostname, username, password, pathname.slice(1)].includes("");
}

/** Throws unless several processes can use it: SQLite is one process, which has to be server and worker. */
export function mustBeShared(database: Database, who: string): void {
  if (database.reason === "postgres") return;
  throw new Error(
    `${who} shares its database with others, which ${describeDatabase(database)} does not allow. Set MAXQ_DATABASE_URL to a PostgreSQL database, or start \`maxq\`, which is both.`,
  );
}
