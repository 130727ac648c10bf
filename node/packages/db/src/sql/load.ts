import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { scanStatement, type ScannedStatement } from "./scan.js";

/** One `.sql` file. */
export interface StatementFile extends ScannedStatement {
  /** `run.insert` for `run/insert.sql`. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** All statements below a directory, by name. Throws, naming the file, on one that cannot be understood. */
export function loadStatements(directory: string): ReadonlyMap<string, StatementFile> {
  const found = new Map<string, StatementFile>();
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" });
  for (const path of paths.filter((path) => path.endsWith(".sql")).sort()) {
    const name = path.slice(0, -".sql".length).replaceAll(/[/\\]/g, ".");
    const file = join(directory, path);
    const text = readFileSync(file, "utf8");
    try {
      found.set(name, { name, file, text, ...scanStatement(text) });
    } catch (cause) {
      throw new Error(`The statement in ${file} cannot be used: ${(cause as Error).message}.`, { cause });
    }
  }
  return found;
}
