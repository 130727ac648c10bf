/**
 * First figures: fan-out against xargs, what a hop of a chain costs above a bare start, how fast aborts are, and what a big run does to a small one;
 * on both databases, interleaved in one session.
 * `--rounds N` (default 5); `--write` puts the result into docs/performance.md; `--smoke` is one round.
 */
import { endOfTests } from "@maxq/test-kit";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { controlTable, measureControl, type ControlFigures } from "./control.js";
import { startEngine, type Engine } from "./engine.js";
import { bareLauncher, xargs } from "./references.js";
import { show, spread } from "./statistics.js";

const steps = 1000;
const hops = 100;
const databases = ["postgres", "sqlite"] as const;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
  },
});

interface Figures {
  readonly control: ControlFigures;
  readonly fanOut: number[];
  readonly hop: number[];
}

async function measure(rounds: number): Promise<Map<string, Figures>> {
  const engines = new Map<string, Engine>();
  const figures = new Map<string, Figures>();
  try {
    for (const database of databases) {
      engines.set(database, await startEngine(database));
      figures.set(database, {
        fanOut: [],
        hop: [],
        control: { obedient: [], stubborn: [], alone: [], beside: [], besideFanOut: [] },
      });
    }
    // Round 0 warms everything up and does not count.
    for (let round = 0; round <= rounds; round++) {
      for (const [database, engine] of engines) {
        const reference = await xargs(steps);
        const fanOut = await engine.runStage("fan-out");
        const bare = await bareLauncher(hops);
        const chain = await engine.runStage("chain");
        if (round === 0) continue;
        await measureControl(engine, figures.get(database)!.control);
        figures.get(database)!.fanOut.push(reference / fanOut);
        figures.get(database)!.hop.push(chain / hops - bare);
        console.log(
          `${database} ${round}: fan-out ${fanOut} ms, xargs ${reference.toFixed(0)} ms, ratio ${(reference / fanOut).toFixed(2)}; ` +
            `hop ${(chain / hops).toFixed(2)} ms, bare start ${bare.toFixed(2)} ms`,
        );
      }
    }
  } finally {
    for (const engine of engines.values()) await engine.stop();
  }
  return figures;
}

function table(figures: Map<string, Figures>): string {
  const rows = [...figures].map(
    ([database, { fanOut, hop }]) => `| ${database} | ${show(spread(fanOut))} | ${show(spread(hop))} |`,
  );
  return [
    `| database | fan-out: ${steps} no-op steps, 10 at a time; xargs -P10 ÷ MaxQ | chain: a hop minus a bare launcher start, ms |`,
    "|---|---|---|",
    ...rows,
    "",
    controlTable(new Map([...figures].map(([database, { control }]) => [database, control]))),
  ].join("\n");
}

function page(text: string, rounds: number): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  return `# Performance

Made by \`./scripts/bench.sh --write\`. The database is durable (fsync and synchronous commit on; SQLite with synchronous=FULL), the server is the built one with
its default settings, the scripts are real bash scripts (\`bench/flows\`), and each figure is the median of ${rounds} rounds that were interleaved with their
reference in one session, with the least and the greatest beside it. Machines are noisy: read ratios, not times.

${text}

- **fan-out** compares the time from the stage's commit to its completion with \`xargs -P10 -n1\` on the same script with an environment of the same variables. More than 1 means that MaxQ was faster.
- **chain** is the time of one hop in a chain of ${hops} steps (the step's process included), minus the time that the launcher alone needs to start the same script and see its end.
- The second table is in ms, as a client sees it over HTTP (aborts) and by the database's clock (runs). All trees are gone when an abort is answered.

Measured on ${machine}, at commit ${commit}.
`;
}

const rounds = values.smoke ? 1 : Number(values.rounds);
try {
  const text = table(await measure(rounds));
  console.log(`\n${text}`);
  if (values.write)
    writeFileSync(fileURLToPath(new URL("../docs/performance.md", import.meta.url)), page(text, rounds));
} finally {
  await endOfTests();
}
