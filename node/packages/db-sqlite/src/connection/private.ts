import { chmodSync, closeSync, existsSync, lstatSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseUnavailable } from "@maxq/db";

/**
 * To be called before SQLite opens a file that may be new: it holds the secret that signs tokens, so it is made its owner's alone, and SQLite gives the
 * files beside it the same mode. One that exists keeps the mode that it has, which somebody may have chosen.
 */
export function keepPrivate(file: string): void {
  if (file !== ":memory:" && existsSync(dirname(file)) && !existsSync(file))
    closeSync(openSync(file, "a", 0o600));
}

/** The mode of a file that is made beside the database: the database's own, so that whoever may use the one may use the other, and nobody else. */
export function modeBeside(database: string): number {
  return existsSync(database) ? statSync(database).mode & 0o666 : 0o600;
}

/**
 * To be called before SQLite opens a file beside the database, whose locks another user could hold who may read it. One that is there gets the mode, too;
 * it is not opened, since closing it would give up the locks that this process has on it. Throws where it is a link, which somebody else may have put there.
 */
export function keepBeside(file: string, database: string): void {
  if (!existsSync(dirname(file))) return;
  const mode = modeBeside(database);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) closeSync(openSync(file, "ax", mode));
  else if (found.isSymbolicLink())
    throw new DatabaseUnavailable(`${file} is a link, which is not followed. Remove it.`);
  else if ((found.mode & 0o777 & ~mode) !== 0) chmodSync(file, mode);
}
