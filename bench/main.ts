/** `./scripts/bench.sh`: measures cases, prints their tables, and writes the page. `usage` below says how. */
import { endOfTests } from "@maxq/test-kit";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { BenchCase, DatabaseKind } from "./case.js";
import { circumstances } from "./page/machine.js";
import { writePage } from "./page/performance.js";
import { writeResult } from "./page/results.js";
import { caseTable } from "./page/table.js";
import { allCases } from "./session/cases.js";
import { Session } from "./session/session.js";

const usage = `bench.sh [name…] [options]
  name…                 these cases only; --list names them
  --rounds N            that count (5)
  --database NAME       postgres or sqlite only
  --smoke               everything once and tiny, nothing durable: whether it works, not how fast
  --write               keeps the results in bench/results and writes docs/performance.md from all that are there
  --render              only writes docs/performance.md
  --cpu-prof FOLDER     every server and worker leaves a CPU profile there
  --statements          says after each case which statements cost PostgreSQL most
  --list                names the cases`;

const options = {
  rounds: { type: "string", default: "5" },
  database: { type: "string" },
  smoke: { type: "boolean", default: false },
  write: { type: "boolean", default: false },
  render: { type: "boolean", default: false },
  "cpu-prof": { type: "string" },
  statements: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const { values, positionals } = parsed();

const kinds: readonly DatabaseKind[] = ["postgres", "sqlite"];

function parsed() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

/** Answers whether all went well. */
async function main(): Promise<boolean> {
  const all = await allCases();
  const names = all.map(({ name }) => name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no case ${unknown.join(", ")}. Known: ${names.join(", ")}`);
    return false;
  }
  if (values.database !== undefined && !kinds.some((kind) => kind === values.database)) {
    console.error(`--database ${values.database} is none. Known: ${kinds.join(", ")}`);
    return false;
  }
  if (!/^[1-9]\d{0,3}$/.test(values.rounds)) {
    console.error(`--rounds ${values.rounds} is no number of rounds. Say 1 to 9999`);
    return false;
  }
  if (values.help) console.log(usage);
  else if (values.list)
    for (const { order, name, title } of all) console.log(`${order.padEnd(3)} ${name.padEnd(14)} ${title}`);
  else if (values.render) writePage(all);
  else return measure(all, chosen(all));
  return true;
}

function chosen(all: readonly BenchCase[]): readonly BenchCase[] {
  return all.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
}

/** Answers whether all cases went well. */
async function measure(all: readonly BenchCase[], cases: readonly BenchCase[]): Promise<boolean> {
  const rounds = values.smoke ? 1 : Number(values.rounds);
  const profiles = values["cpu-prof"] === undefined ? null : resolve(values["cpu-prof"]);
  const session = new Session({
    rounds,
    smoke: values.smoke,
    profiles,
    statements: values.statements,
    say: (line) => console.log(`  ${line}`),
  });
  const tables: string[] = [];
  let good = true;
  try {
    for (const benchCase of cases) {
      for (const kind of kindsOf(benchCase)) {
        console.log(`${benchCase.name} on ${kind}`);
        const before = circumstances();
        const begin = performance.now();
        try {
          const result = await session.run(benchCase, kind);
          const seconds = (performance.now() - begin) / 1000;
          console.log([...result.notes, `${seconds.toFixed(1)} s`].map((line) => `  ${line}`).join("\n"));
          tables.push(
            `## ${benchCase.order}. ${benchCase.title}\n\n${caseTable({ [kind]: result })}`,
            ...result.notes,
          );
          if (values.write && !values.smoke)
            writeResult(benchCase, kind, { ...result, ...before, rounds, seconds });
        } catch (error) {
          good = false;
          console.error(`✗ ${benchCase.name} on ${kind} failed:`, error);
        }
      }
    }
  } finally {
    await session.close();
  }
  if (values.smoke) return good;
  console.log(`\n${tables.join("\n\n")}`);
  if (values.write) writePage(all);
  return good;
}

function kindsOf({ databases = kinds }: BenchCase): readonly DatabaseKind[] {
  return databases.filter((kind) => values.database === undefined || values.database === kind);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => void endOfTests().finally(() => process.exit(1)));
try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  await endOfTests();
}
