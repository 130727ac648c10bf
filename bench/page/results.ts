import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchCase, DatabaseKind } from "../case.js";
import type { CaseResult } from "../session/session.js";
import type { Circumstances } from "./machine.js";

/** What a case answered when it was last measured on one database. */
export interface StoredResult extends CaseResult, Circumstances {
  readonly rounds: number;
  /** How long the case took. */
  readonly seconds: number;
}

export type StoredResults = Partial<Record<DatabaseKind, StoredResult>>;

const folder = fileURLToPath(new URL("../results", import.meta.url));

/** The last results of a case; empty if it was never measured. */
export function readResults({ name }: BenchCase): StoredResults {
  const file = `${folder}/${name}.json`;
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as StoredResults) : {};
}

/** Keeps a result in place of the last one on that database. */
export function writeResult(benchCase: BenchCase, kind: DatabaseKind, result: StoredResult): void {
  mkdirSync(folder, { recursive: true });
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Number(value.toPrecision(5)) : value;
  const { postgres, sqlite }: StoredResults = { ...readResults(benchCase), [kind]: result };
  const results = { ...(postgres && { postgres }), ...(sqlite && { sqlite }) };
  // The numbers of a row on one line.
  const text = JSON.stringify(results, rounded, 1).replace(/\[[\s\d.,e+-]+\]/g, (numbers) =>
    numbers.replaceAll(/\s+/g, ""),
  );
  writeFileSync(`${folder}/${benchCase.name}.json`, `${text}\n`);
}
