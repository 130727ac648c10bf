import type { BenchCase, Row } from "../case.js";
import type { BenchDatabase } from "../database/database.js";
import type { BenchContext } from "../session/context.js";

const footprint: BenchCase = {
  name: "footprint",
  order: "q",
  title: "What a step leaves",
  measures: `Bytes that a step, a hop and a run write ahead (after a checkpoint, whole pages that are written for the first time are in it) and leave in tables and indexes, vacuum's work undone, and the
transactions that they take: of 5,000 steps in one stage, of chains of 200, and of 300 one-step runs. What docs/scaling.md computes with.`,
  databases: ["postgres"],

  async run(context) {
    const database = await context.createDatabase();
    const { api } = await context.startServer(database);
    const steps = context.size(5_000, 20);
    const hops = context.size(200, 5);
    const runs = context.size(300, 3);
    const { stage, chain, single } = await context.interleave({
      stage: () => measure(context, database, steps, () => api.stageTime("fan-out", steps)),
      chain: () => measure(context, database, hops, () => api.stageTime("chain", hops)),
      single: () =>
        measure(context, database, runs, async () => {
          const ids = await Promise.all(Array.from({ length: runs }, () => api.trigger("single")));
          for (const id of ids) await api.runOnce(id, ({ status }) => status === "completed");
        }),
    });
    return [
      ...rows("a step of a stage", stage),
      ...rows("a hop of a chain", chain),
      ...rows("a one-step run", single),
    ];
  },
};

/** For each piece of work. */
interface Left {
  readonly wal: number;
  readonly size: number;
  readonly transactions: number;
}

function rows(what: string, left: readonly Left[]): Row[] {
  return [
    { what: `${what}: written ahead`, unit: "bytes", digits: 0, measured: left.map(({ wal }) => wal) },
    { what: `${what}: tables and indexes`, unit: "bytes", digits: 0, measured: left.map(({ size }) => size) },
    { what: `${what}: transactions`, unit: "", measured: left.map(({ transactions }) => transactions) },
  ];
}

async function measure(
  context: BenchContext,
  database: BenchDatabase,
  count: number,
  work: () => Promise<unknown>,
): Promise<Left> {
  // What backends count reaches the statistics within a second.
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, context.size(1_100, 0)));
  await settle();
  const before = await look(database);
  await work();
  await settle();
  const after = await look(database);
  return {
    wal: (after.wal - before.wal) / count,
    size: (after.size - before.size) / count,
    transactions: (after.transactions - before.transactions) / count,
  };
}

async function look(database: BenchDatabase): Promise<Left> {
  const [row] = await database.query<Record<keyof Left, string>>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal, pg_database_size(current_database()) as size,
            (select xact_commit from pg_stat_database where datname = current_database()) as transactions`,
  );
  return { wal: Number(row!.wal), size: Number(row!.size), transactions: Number(row!.transactions) };
}

export default footprint;
