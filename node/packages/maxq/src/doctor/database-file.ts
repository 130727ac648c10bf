import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "../compose/database.js";
import { warning, type Finding } from "./finding.js";

const othersMayRead = 0o004;
const othersMayEnter = 0o001;

/** Can other users read a SQLite file? New ones are made private, and the mode of one that exists is left alone. Nothing to say if not. */
export function checkDatabaseFile(database: Database): readonly Finding[] {
  if (database.reason === "postgres") return [];
  const { file } = database;
  if (!hasMode(file, othersMayRead) || !hasMode(dirname(file), othersMayEnter)) return [];
  const what = `other users can read ${file}, which holds the key and the secret behind tokens`;
  return [warning("Database file", what, `Run chmod o= ${file}*, and maxq key --rotate for another key.`)];
}

function hasMode(path: string, bit: number): boolean {
  return existsSync(path) && (statSync(path).mode & bit) !== 0;
}
