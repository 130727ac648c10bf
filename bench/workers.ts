/**
 * `./scripts/bench.sh workers`: 1, 2, 4 and 8 workers with 25 slots each on one stage of 2,000 steps of one second, then 8 of them on a database whose every
 * flush takes 5 ms longer. Prints a table for docs/performance.md.
 */
import { migratePostgres } from "@maxq/db-postgres";
import { aFolder, aFreePort, endOfTests, startProgram, type Program } from "@maxq/test-kit";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "./postgres.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const steps = 2000;
const slots = 25;

interface Figures {
  readonly workers: number;
  readonly slowFsync: boolean;
  readonly seconds: number;
  readonly databaseMsAStep: number;
  readonly once: number;
  readonly deadlocks: number;
}

async function measure(workers: number, slowFsync: boolean): Promise<Figures> {
  const database = await startPostgres(slowFsync);
  const programs: Program[] = [];
  try {
    await migratePostgres({ url: database.url });
    const witness = join(aFolder("witness"), "steps");
    writeFileSync(witness, "");
    const env = {
      MAXQ_DATABASE_URL: database.url,
      MAXQ_FLOWS_ROOT: `${root}bench/flows`,
      MAXQ_MAX_CONCURRENT_STEPS: `${slots}`,
      LOG_LEVEL: "warn",
      BENCH_WITNESS: witness,
    };
    const start = (...args: string[]): void => {
      const command = [`${root}node/packages/maxq/bin/maxq.js`, ...args, "--data-dir", aFolder("data")];
      programs.push(startProgram({ command: process.execPath, args: command, env }));
    };
    const port = await aFreePort();
    start("serve", "--no-worker", "--port", `${port}`);
    for (let n = 0; n < workers; n++) start("worker");
    const api = `http://127.0.0.1:${port}/api/v1`;
    await until(async () => (await get(`${api}/workers`)).data?.length === workers);
    const cpuBefore = database.cpuMs();
    const run = await (
      await fetch(`${api}/flows/second/runs`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      })
    ).json();
    const { id } = run as { id: string };
    await until(async () => (await get(`${api}/runs/${id}`)).status === "completed");
    const cpu = database.cpuMs() - cpuBefore;
    const [stage] = (await get(`${api}/runs/${id}`)).stages;
    const started = readFileSync(witness, "utf8").trimEnd().split("\n");
    if (started.length !== steps || new Set(started).size !== steps)
      throw new Error(
        `${started.length} starts of ${new Set(started).size} steps: each of ${steps} should start once`,
      );
    return {
      workers,
      slowFsync,
      seconds: (stage.completedAt - stage.createdAt) / 1000,
      databaseMsAStep: cpu / steps,
      once: new Set(started).size,
      deadlocks: database.deadlocks(),
    };
  } finally {
    for (const program of programs.reverse()) await program.stop();
    await database.stop();
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function get(url: string): Promise<any> {
  return fetch(url).then(
    (answer) => answer.json(),
    () => ({}),
  );
}

/** Looks seldom, so that watching costs next to nothing. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, 500));
}

const rows: Figures[] = [];
try {
  for (const [workers, slowFsync] of [
    [1, false],
    [2, false],
    [4, false],
    [8, false],
    [8, true],
  ] as const) {
    rows.push(await measure(workers, slowFsync));
    console.log(JSON.stringify(rows.at(-1)));
  }
} finally {
  await endOfTests();
}
console.log(`
| workers of ${slots} slots | ${steps} steps of 1 s, s | steps a second | of what the slots could do | database CPU a step, ms | started exactly once | deadlocks |
|---|---|---|---|---|---|---|
${rows
  .map(
    ({ workers, slowFsync, seconds, databaseMsAStep, once, deadlocks }) =>
      `| ${workers}${slowFsync ? ", every fsync 5 ms longer" : ""} | ${seconds.toFixed(1)} | ${(steps / seconds).toFixed(0)} | ${((100 * steps) / seconds / workers / slots).toFixed(0)} % | ${databaseMsAStep.toFixed(2)} | ${once} | ${deadlocks} |`,
  )
  .join("\n")}

${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}.`);
