import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A metric as docs/metrics.md describes it. */
export interface Documented {
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** The tables of docs/metrics.md, by the names of the metrics. */
export function documentedMetrics(): ReadonlyMap<string, Documented> {
  const text = readFileSync(resolve(import.meta.dirname, "../../docs/metrics.md"), "utf8");
  const rows = text.split("\n").flatMap((line) => {
    const [, name, type = "", , labels = "", help = ""] = /^\| `(maxq_\w+)` \|/.test(line)
      ? line.split("|").map((cell) => cell.trim())
      : [];
    if (name === undefined) return [];
    const named = [...labels.matchAll(/(?:^|; )`(\w+)`: /g)].map(([, label]) => label!);
    return [[name.replaceAll("`", ""), { type, labels: named, help }] as const];
  });
  return new Map(rows);
}
