import { aFolder } from "@maxq/test-kit";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchCase, Row } from "../case.js";
import type { BenchContext } from "../session/context.js";

const slots = 25;

const workers: BenchCase = {
  name: "workers",
  order: "p",
  title: "Many workers",
  measures: `Workers of ${slots} slots each, as processes beside a server that runs nothing, on one stage of 1,000 steps that \`exec sleep 1\`: each once. Against what the slots could do if
nothing but the scripts took time. Every script appends its id to a file, so that it is seen from outside that each step started exactly once; PostgreSQL's log is searched for deadlocks.
Either would end the case. All steps are of one run, whose outcomes are recorded one batch after the other; more runs share a slow disk better than more workers do.`,
  databases: ["postgres"],

  async run(context) {
    const configurations = context.smoke ? ([[1, false]] as const) : all;
    const rows: Row[] = [];
    for (const [count, slowFsync] of configurations) rows.push(...(await measure(context, count, slowFsync)));
    return rows;
  },
};

const all = [
  [1, false],
  [2, false],
  [4, false],
  [8, false],
  [8, true],
] as const;

async function measure(context: BenchContext, count: number, slowFsync: boolean): Promise<Row[]> {
  const steps = context.size(1000, 10);
  const witness = join(aFolder("witness"), "steps");
  writeFileSync(witness, "");
  const database = await context.createDatabase(slowFsync ? { slowFsync } : { own: true });
  const env = { BENCH_WITNESS: witness };
  const server = await context.startServer(database, { args: ["--no-worker"] });
  const crew = Array.from({ length: count }, () => context.startWorker(database, { slots, env }));
  while ((await server.api.get("/workers")).data.length < count)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const before = database.cpuMs();
  const ms = await server.api.stageTime("second", steps);
  const cpu = database.cpuMs() - before;
  await Promise.all([...crew, server].map((each) => each.stop()));
  const started = readFileSync(witness, "utf8").trimEnd().split("\n");
  if (started.length !== steps || new Set(started).size !== steps)
    throw new Error(
      `${started.length} starts of ${new Set(started).size} steps: each of ${steps} should start once`,
    );
  if (database.deadlocks() > 0) throw new Error(`${database.deadlocks()} deadlocks in PostgreSQL's log`);
  const who = `${count} ${count === 1 ? "worker" : "workers"}${slowFsync ? ", fsync + 5 ms" : ""}`;
  return [
    {
      what: who,
      unit: "steps/s",
      digits: 0,
      measured: [(1000 * steps) / ms],
      reference: { what: "the slots", measured: [count * slots] },
      compare: "measured ÷ reference",
    },
    { what: `${who}: database CPU a step`, unit: "ms", measured: [cpu / steps] },
  ];
}

export default workers;
