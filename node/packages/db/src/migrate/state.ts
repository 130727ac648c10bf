import { readdirSync } from "node:fs";
import type { Health } from "../store/store.js";

/** Names of the migrations in a directory, in the order in which they run. */
export function knownMigrations(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".mjs"))
    .sort();
}

/**
 * How a database's schema relates to this program. `applied` is what its table of migrations holds, null if it has no such table.
 * `newer`: the database had migrations that this program does not know, so this program must not touch it. `foreign`: it knows none of them.
 */
export function schemaState(applied: readonly string[] | null, known: readonly string[]): Health["schema"] {
  if (applied === null || applied.length === 0) return "missing";
  if (!applied.some((name) => known.includes(name))) return "foreign";
  if (applied.some((name) => !known.includes(name))) return "newer";
  return known.every((name) => applied.includes(name)) ? "current" : "older";
}
