import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { table, type Outcome } from "./report.js";

const page = resolve(import.meta.dirname, "../../docs/reliability.md");
const marks = /(<!-- figures -->)[^]*(<!-- end of figures -->)/;

/** Puts the figures into docs/reliability.md. */
export function writeTable(outcomes: readonly Outcome[]): void {
  const disks = [...new Set(outcomes.map(({ disk }) => disk))].join(", ");
  const text = `${table(outcomes)}\n\nData directory of the third worker: ${disks}. Node ${process.version}.`;
  writeFileSync(
    page,
    readFileSync(page, "utf8").replace(marks, (_, open, close) => `${open}\n\n${text}\n\n${close}`),
  );
}
