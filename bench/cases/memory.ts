import type { BenchCase } from "../case.js";

const MB = 2 ** 20;

const memory: BenchCase = {
  name: "memory",
  order: "i",
  title: "Memory",
  measures: `Resident memory of the server's process: when it is ready, on a database that has its schema; at the most while ten runs of 10,000 no-op steps each are worked off; ten seconds after them; and how much
more it was after each of the last five runs, in the mean, than after each of those before, the first left out, because garbage comes and goes. One server, once: rounds would have to start at the beginning.`,

  async run(context) {
    const steps = context.size(10_000, 20);
    const server = await context.startServer(await context.createDatabase());
    const resident = (peak = false): number => server.memory(peak).engine / MB;
    const start = resident();
    const after: number[] = [];
    for (let run = 1; run <= 10; run++) {
      await server.api.stageTime("fan-out", steps);
      after.push(resident());
    }
    const end = await afterRest(context.smoke, resident);
    const growth = mean(after.slice(5)) - mean(after.slice(1, 5));
    const row = { unit: "MB", digits: 0 } as const;
    return [
      { ...row, what: "at start", measured: [start], must: { atMost: 90 } },
      { ...row, what: "after 100,000 steps", measured: [end], must: { atMost: 130 } },
      { ...row, what: "more in the second half", measured: [growth], must: { atMost: 5 } },
      { ...row, what: "at the most", measured: [resident(true)] },
    ];
  },
};

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function afterRest(smoke: boolean, resident: () => number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, smoke ? 0 : 10_000));
  return resident();
}

export default memory;
