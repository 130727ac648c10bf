import { endOfTests } from "@maxq/test-kit";
import { parseArgs } from "node:util";
import { complaint, table, type Outcome } from "./report.js";
import { chaos } from "./suite.js";
import { writeTable } from "./write-table.js";

// The long form of the crash suite: see docs/reliability.md.

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string" },
    minutes: { type: "string", default: "20" },
    width: { type: "string", default: "12" },
    write: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
const seeds = (values.seeds ?? values.seed ?? "1").split(",").map(Number);
if (!(minutes > 0) || !seeds.every(Number.isInteger)) {
  console.error("Usage: chaos.sh [--seed N | --seeds A,B,C] [--minutes M] [--width RUNS] [--write]");
  process.exit(2);
}

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void endOfTests().finally(() => process.exit(1)));

const outcomes: Outcome[] = [];
try {
  for (const seed of seeds) {
    console.log(`Seed ${seed}, ${minutes} minutes`);
    const { outcome, folder } = await chaos({
      seed,
      faults: 0,
      forMs: minutes * 60_000,
      pace: 1,
      width: Number(values.width),
      settleMs: 120_000,
      say: (line) => console.log(`  ${line}`),
    });
    outcomes.push(outcome);
    console.log(`Data directory of the third worker: ${outcome.disk}`);
    console.log(table([outcome]));
    const again = `scripts/chaos.sh --seed ${seed} --minutes ${minutes} --width ${values.width}`;
    if (folder !== null) console.log(complaint(outcome, folder, again));
  }
  if (outcomes.length > 1) console.log(table(outcomes));
  if (values.write) writeTable(outcomes);
} finally {
  await endOfTests();
}
process.exit(outcomes.every(({ violations }) => violations.length === 0) ? 0 : 1);
