import { closeSync, existsSync, openSync } from "node:fs";
import { dirname } from "node:path";

/**
 * To be called before SQLite opens a file that may be new: it holds the secret that signs tokens, so it is made its owner's alone, and SQLite gives the
 * files beside it the same mode. One that exists keeps the mode that it has, which somebody may have chosen.
 */
export function keepPrivate(file: string): void {
  if (file !== ":memory:" && existsSync(dirname(file)) && !existsSync(file))
    closeSync(openSync(file, "a", 0o600));
}
