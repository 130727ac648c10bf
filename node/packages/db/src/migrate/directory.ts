import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FIRST = "001_initial.mjs";

/**
 * The directory of the migrations that came with this program: `database/migrations`, in the nearest directory above this file that has it.
 * That is the repository's when run from sources or from `dist`, and the package's own once it is installed. Throws if there is none.
 */
export function defaultMigrationsDirectory(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let above = start; ; above = dirname(above)) {
    const candidate = join(above, "database", "migrations");
    if (existsSync(join(candidate, FIRST))) return candidate;
    if (above === dirname(above))
      throw new Error(
        `No database/migrations/${FIRST} was found in ${start} or above it: the installation is incomplete.`,
      );
  }
}
