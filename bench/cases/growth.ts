import type { BenchCase, Row } from "../case.js";
import type { BenchDatabase } from "../database/database.js";
import type { BenchServer } from "../program/engine.js";

const sizes = [1_000, 10_000, 100_000];

const growth: BenchCase = {
  name: "growth",
  order: "m",
  title: "Growing stages",
  measures: `One stage of 1,000, 10,000 and 100,000 no-op steps, ten at a time: time a step from the run's creation to its end, the storing of the stage in it, and CPU time a step of engine, launcher and database
together. As many steps of each size in each round would take too long: 1,000 is the mean of ten stages. Against the stage of 1,000.`,

  async run(context) {
    const database = await context.createDatabase();
    const server = await context.startServer(database);
    const works = sizes.map((size) => [
      String(size),
      () => mean(server, database, context.size(size, size / 1000), size === 1_000 ? context.size(10, 1) : 1),
    ]);
    const rounds = await context.interleave(Object.fromEntries(works) as Record<string, () => Promise<Cost>>);
    const smallest = rounds[String(sizes[0])]!;
    return sizes.flatMap((size): Row[] => {
      const costs = rounds[String(size)]!;
      const judge = size === 100_000 ? { must: { atMost: 1.2 }, aim: { atMost: 1.1 } } : {};
      const against = (of: (cost: Cost) => number): Partial<Row> =>
        size === sizes[0]
          ? {}
          : {
              reference: { what: "stages of 1,000", measured: smallest.map(of) },
              compare: "measured ÷ reference",
              ...judge,
            };
      const what = `stage of ${size.toLocaleString("en")}`;
      const row = { unit: "ms", digits: 3 } as const;
      return [
        {
          ...row,
          what: `${what}: time a step`,
          measured: costs.map(({ time }) => time),
          ...against(({ time }) => time),
        },
        {
          ...row,
          what: `${what}: CPU a step`,
          measured: costs.map(({ cpu }) => cpu),
          ...against(({ cpu }) => cpu),
        },
      ];
    });
  },
};

/** A step's, in ms. */
interface Cost {
  readonly time: number;
  readonly cpu: number;
}

async function mean(
  server: BenchServer,
  database: BenchDatabase,
  steps: number,
  times: number,
): Promise<Cost> {
  const cpu = (): number => {
    const { engine, launcher } = server.cpu();
    return engine + launcher + database.cpuMs();
  };
  const before = cpu();
  let time = 0;
  for (let n = 0; n < times; n++) {
    const run = await server.api.runToEnd("fan-out", { steps }, steps < 5_000 ? 100 : 1_000);
    if (run.stages[0]!.counts.completed !== steps)
      throw new Error(`${run.stages[0]!.counts.completed} steps completed: there should be ${steps}`);
    time += run.completedAt - run.createdAt;
  }
  return { time: time / steps / times, cpu: (cpu() - before) / steps / times };
}

export default growth;
