import { accessSync, constants } from "node:fs";
import { sqliteFault } from "./fault.js";

/** Whether there is a database file. Throws `DatabaseUnavailable` where this user may not know, or may not read it. */
export function databaseExists(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw sqliteFault("read", file, error);
  }
}
