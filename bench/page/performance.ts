import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BenchCase, DatabaseKind, Row } from "../case.js";
import { verdict } from "./figure.js";
import { readResults, type StoredResult, type StoredResults } from "./results.js";
import { caseTable, summaryTable } from "./table.js";

/** Writes docs/performance.md from the last results of all cases. */
export function writePage(cases: readonly BenchCase[]): void {
  writeFileSync(
    fileURLToPath(new URL("../../docs/performance.md", import.meta.url)),
    renderPage(cases, readResults),
  );
}

/** The page's text. */
export function renderPage(
  cases: readonly BenchCase[],
  resultsOf: (benchCase: BenchCase) => StoredResults,
): string {
  const measured = cases.map((each) => [each, Object.entries(resultsOf(each))] as const);
  const rows = measured.flatMap(([each, results]) =>
    results.flatMap(([kind, { rows }]) =>
      rows.map((row): [BenchCase, DatabaseKind, Row] => [each, kind as DatabaseKind, row]),
    ),
  );
  return `# Performance

Made by \`./scripts/bench.sh --write\`, which anybody can repeat; [testing](testing.md) says how. The server is the built one with ten slots and its default settings (but an abort's grace period of 1 s),
the scripts are real bash scripts, and everything is as durable as in use: PostgreSQL with fsync and synchronous commit on, SQLite with synchronous=FULL. Each figure is the median of the
rounds of one session, with the least and the greatest beside it. A round measures MaxQ and its reference one after the other, after a round that does not count.
Machines are noisy: read what is compared, not times.

## What has to be kept

✓✓ reaches its aim, ✓ keeps what it must, **missed** does not.

${summaryTable(rows)}

${missed(rows)}
${remarks()}
${measured
  .filter(([, results]) => results.length > 0)
  .map(([each]) => section(each, resultsOf(each)))
  .join("\n\n")}

## Machine

${circumstances(measured)}
`;
}

/** What falls short, in words. */
function missed(rows: readonly (readonly [BenchCase, DatabaseKind, Row])[]): string {
  return (["postgres", "sqlite"] as const)
    .map((kind) => {
      const judged = rows.filter(([, of, { must }]) => of === kind && must !== undefined);
      const short = judged
        .filter(([, , row]) => verdict(row) === "missed")
        .map(([{ name }, , { what }]) => `${name} (${what})`);
      return `- ${kind}: ${judged.length - short.length} of ${judged.length} are kept${short.length === 0 ? "" : `; missed: ${short.join(", ")}`}.`;
    })
    .join("\n");
}

/** What people wrote about the figures: why one falls short, what was tried. */
function remarks(): string {
  const file = fileURLToPath(new URL("../remarks.md", import.meta.url));
  return existsSync(file) ? `\n${readFileSync(file, "utf8").trim()}\n` : "";
}

function section(benchCase: BenchCase, results: StoredResults): string {
  const notes = Object.entries(results).flatMap(([kind, { notes }]) =>
    notes.map((note) => `- ${kind}: ${note}`),
  );
  return [
    `<a id="${benchCase.name}"></a>`,
    `## ${benchCase.order}. ${benchCase.title}`,
    benchCase.measures,
    caseTable(results),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
  ].join("\n\n");
}

/** Cases that were measured under the same circumstances share a line. */
function circumstances(
  measured: readonly (readonly [BenchCase, readonly (readonly [string, StoredResult])[]])[],
): string {
  const lines = new Map<string, { names: Set<string>; loads: number[] }>();
  for (const [{ name }, results] of measured) {
    for (const [, { machine, commit, date, rounds, nice, load }] of results) {
      const text = `${machine}; ${rounds} rounds, at commit ${commit}, ${date}${nice === null ? "" : `, at nice ${nice}`}`;
      const line = lines.get(text) ?? { names: new Set(), loads: [] };
      line.names.add(name);
      line.loads.push(load);
      lines.set(text, line);
    }
  }
  return [...lines]
    .map(
      ([text, { names, loads }]) =>
        `- ${text}; load before the cases ${Math.min(...loads)} to ${Math.max(...loads)}: ${[...names].join(", ")}`,
    )
    .join("\n");
}
