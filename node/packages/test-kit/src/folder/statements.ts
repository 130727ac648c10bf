import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { aFolder } from "./temporary.js";

/** A directory of statement files: `{ "thing.insert": "insert into …" }`. */
export function someStatements(texts: Readonly<Record<string, string>>): string {
  const directory = aFolder("sql");
  for (const [name, text] of Object.entries(texts)) {
    const file = join(directory, `${name.replaceAll(".", "/")}.sql`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}
