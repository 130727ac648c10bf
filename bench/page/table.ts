import type { BenchCase, DatabaseKind, Row } from "../case.js";
import { show, spread } from "../statistics.js";
import { boundText, judgedText, verdict } from "./figure.js";

/** All figures of a case, with what they were set against. */
export function caseTable(results: Partial<Record<DatabaseKind, { readonly rows: readonly Row[] }>>): string {
  const kinds = (["postgres", "sqlite"] as const).filter((kind) => results[kind] !== undefined);
  return table(
    ["", "database", "MaxQ", "reference", "compared", "must", "aim"],
    kinds.flatMap((kind) => results[kind]!.rows.map((row) => [row.what, kind, ...cells(row)])),
  );
}

/** The figures that have to keep something, a line each. */
export function summaryTable(results: readonly (readonly [BenchCase, DatabaseKind, Row])[]): string {
  const lines = new Map<string, { row: Row; cells: Partial<Record<DatabaseKind, string>> }>();
  for (const [{ order, name }, kind, row] of results) {
    if (row.must === undefined && row.aim === undefined) continue;
    const title = `${order} [${name}](#${name}): ${row.what}${row.compare === undefined ? "" : `, ${inWords(row)}`}`;
    const line = lines.get(title) ?? { row, cells: {} };
    line.cells[kind] = `${judgedText(row)}${mark(row)}`;
    lines.set(title, line);
  }
  return table(
    ["", "PostgreSQL", "SQLite", "must", "aim"],
    [...lines].map(([title, { row, cells }]) => [
      title,
      cells.postgres ?? "",
      cells.sqlite ?? "",
      boundText(row.must),
      boundText(row.aim),
    ]),
  );
}

function cells(row: Row): string[] {
  const { reference, unit, digits, compare } = row;
  const plain = (values: readonly number[]): string => `${show(spread(values), digits)} ${unit}`;
  return [
    `${plain(row.measured)}${compare === undefined ? mark(row) : ""}`,
    reference === undefined ? "" : `${reference.what}: ${plain(reference.measured)}`,
    compare === undefined ? "" : `${compare} = ${judgedText(row)}${mark(row)}`,
    boundText(row.must),
    boundText(row.aim),
  ];
}

function inWords({ compare, reference }: Row): string {
  if (compare === undefined) return "";
  const what = reference?.what ?? "";
  switch (compare) {
    case "reference ÷ measured":
      return `× ${what}`;
    case "measured ÷ reference":
      return `of ${what}`;
    case "measured − reference":
      return `above ${what}`;
  }
}

function mark(row: Row): string {
  const reached = verdict(row);
  return {
    aim: " ✓✓",
    must: " ✓",
    missed: row.must === undefined ? " (below its aim)" : " **missed**",
    "": "",
  }[reached];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
