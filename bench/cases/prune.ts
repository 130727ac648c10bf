import type { BenchCase, Row } from "../case.js";
import type { BenchDatabase } from "../database/database.js";
import type { BenchApi, RunAnswer } from "../program/api.js";
import type { BenchContext } from "../session/context.js";
import { portionStatements } from "../seed/history.js";
import { percentile } from "../statistics.js";

/** All that was seeded is older, and the runs that are measured stay. */
const retention = { MAXQ_RETENTION_AGE: "1d", MAXQ_RETENTION_FLOWS: "single=forever, fan-out=forever" };

const prune: BenchCase = {
  name: "prune",
  order: "r",
  title: "Pruning while runs go on",
  measures: `100,000 finished one-step runs of which nothing is to stay, with their flow calls, output, events and metadata, are removed by the server's own retention (\`MAXQ_RETENTION_AGE\`) while it works: 300 one-step runs triggered at once,
then 200 of them one every 20 ms, then a stage of 1,000 no-op steps. Against the same on the same database by a server that prunes nothing, in turns, each started for its turn and warmed up by 50 runs. What the rounds leave is removed afterwards, in an idle server.`,

  async run(context) {
    const seeded = context.size(100_000, 50);
    const database = await context.createDatabase({ own: true });
    for (const sql of portionStatements(context.kind, seeded, 0)) await database.query(sql);
    if (context.kind === "postgres") await database.query("vacuum (analyze)");
    else await database.query("analyze");
    const pace: number[] = [];
    const { alone, beside } = await context.interleave({
      alone: () => measure(context, database, null),
      beside: () => measure(context, database, pace),
    });
    const left = await count(database);
    const idle = await pruneTheRest(context, database);
    if ((await count(database)) > 0) throw new Error("the finished runs were not all removed");
    return [...rows(alone, beside), ...paceRows(pace.slice(-context.rounds), left, idle)];
  },
};

/** One turn's figures. */
interface Load {
  readonly burst: number;
  readonly p95: number;
  readonly stage: number;
}

function rows(alone: readonly Load[], beside: readonly Load[]): Row[] {
  const row = (what: string, unit: string, of: (load: Load) => number): Row => ({
    what,
    unit,
    digits: 0,
    measured: beside.map(of),
    reference: { what: "without pruning", measured: alone.map(of) },
    compare: "measured ÷ reference",
  });
  return [
    row("one-step runs, at once", "runs/s", ({ burst }) => burst),
    row("a one-step run, one every 20 ms, p95", "ms", ({ p95 }) => p95),
    row("1,000 no-op steps", "ms", ({ stage }) => stage),
  ];
}

function paceRows(pace: readonly number[], left: number, idleSeconds: number): Row[] {
  const beside: Row = { what: "removed meanwhile", unit: "runs/s", digits: 0, measured: pace };
  if (left === 0) return [beside];
  return [
    beside,
    { what: "removed in an idle server", unit: "runs/s", digits: 0, measured: [left / idleSeconds] },
  ];
}

/** The load, once; with a place to note the pace: on a server that prunes. */
async function measure(context: BenchContext, database: BenchDatabase, pace: number[] | null): Promise<Load> {
  const before = pace === null ? 0 : await count(database);
  const began = performance.now();
  const server = await context.startServer(database, { env: pace === null ? {} : retention });
  const { api } = server;
  await burst(api, context.size(50, 2));
  const load = {
    burst: await burst(api, context.size(300, 3)),
    p95: await paced(api, context.size(200, 3)),
    stage: await api.stageTime("fan-out", context.size(1_000, 10)),
  };
  await server.stop();
  if (pace === null) return load;
  const removed = before - (await count(database));
  if (removed === 0) throw new Error("nothing was pruned meanwhile: nothing was measured");
  pace.push((1000 * removed) / (performance.now() - began));
  context.say(`${removed} finished runs were removed meanwhile`);
  return load;
}

/** Runs a second, of so many triggered at once. */
async function burst(api: BenchApi, runs: number): Promise<number> {
  const ids = await Promise.all(Array.from({ length: runs }, () => api.trigger("single")));
  const ended = await ends(api, ids);
  const first = Math.min(...ended.map(({ createdAt }) => createdAt));
  return (1000 * runs) / (Math.max(...ended.map(({ completedAt }) => completedAt)) - first);
}

/** The time under which 95 of 100 runs stay that are triggered one every 20 ms, in ms. */
async function paced(api: BenchApi, runs: number): Promise<number> {
  const ids: Promise<string>[] = [];
  for (let n = 0; n < runs; n++) {
    ids.push(api.trigger("single"));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const ended = await ends(api, await Promise.all(ids));
  return percentile(
    ended.map(({ createdAt, completedAt }) => completedAt - createdAt),
    95,
  );
}

async function ends(api: BenchApi, ids: readonly string[]): Promise<RunAnswer[]> {
  const ended: RunAnswer[] = [];
  for (const id of [...ids].reverse())
    ended.push(await api.runOnce(id, ({ status }) => status === "completed"));
  return ended;
}

/** Seconds that it takes; 0 if nothing is left. */
async function pruneTheRest(context: BenchContext, database: BenchDatabase): Promise<number> {
  const began = performance.now();
  if ((await count(database)) === 0) return 0;
  const server = await context.startServer(database, { env: retention });
  while ((await count(database)) > 0)
    await new Promise((resolve) => setTimeout(resolve, context.size(500, 50)));
  const seconds = (performance.now() - began) / 1000;
  await server.stop();
  return seconds;
}

/** Seeded runs that are left. */
async function count(database: BenchDatabase): Promise<number> {
  const [row] = await database.query<{ count: string | number }>(
    "select count(*) as count from run where flow_name like 'flow-%'",
  );
  return Number(row!.count);
}

export default prune;
