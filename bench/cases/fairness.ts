import type { BenchCase } from "../case.js";
import type { BenchServer } from "../program/engine.js";
import { percentile } from "../statistics.js";
import type { BenchContext } from "../session/context.js";

const STEP_MS = 100;

const fairness: BenchCase = {
  name: "fairness",
  order: "n",
  title: "Small runs behind big ones",
  measures: `One-step runs, one every 300 ms, triggered while a run is worked off, ten at a time, that has 20,000 ready steps of ${STEP_MS} ms each, or ten chains of 2,000 such steps: from the run's creation to the start
of its step by the database's clock (its flow call comes before), in step times, which 95 of 100 stay under. The big run is aborted then.`,

  async run(context) {
    const server = await context.startServer(await context.createDatabase());
    const big = context.size(20_000, 40);
    const chain = context.size(2_000, 4);
    const { wide, deep, alone } = await context.interleave({
      alone: () => starts(context, server),
      wide: () => measure(context, server, { steps: big }),
      deep: () => measure(context, server, { chains: 10, length: chain }),
    });
    const reference = { what: "with nothing else", measured: alone };
    const row = { unit: "step times", reference, must: { atMost: 3 }, aim: { atMost: 1.5 } } as const;
    return [
      { ...row, what: "behind 20,000 ready steps, p95", measured: wide },
      { ...row, what: "behind ten chains, p95", measured: deep },
    ];
  },
};

async function measure(
  context: BenchContext,
  server: BenchServer,
  input: Readonly<Record<string, number>>,
): Promise<number> {
  const { api } = server;
  const bigRun = await api.trigger("tenth", input);
  await api.runOnce(
    bigRun,
    ({ stages }) => (stages[0]?.counts.running ?? 0) >= Math.min(10, context.size(10, 1)),
  );
  const p95 = await starts(context, server);
  if ((await api.run(bigRun)).status === "running") await api.post(`/runs/${bigRun}/abort`);
  else if (!context.smoke) throw new Error("the big run ended before the small ones: nothing was measured");
  return p95;
}

/** Triggers small runs; answers under which time 95 of 100 of their steps started, in step times. */
async function starts(context: BenchContext, { api }: BenchServer): Promise<number> {
  const small: string[] = [];
  for (let n = 0; n < context.size(40, 2); n++) {
    small.push(await api.trigger("single"));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const times: number[] = [];
  for (const id of small) {
    const { createdAt } = await api.runOnce(id, ({ status }) => status === "completed", 50);
    const [step] = (await api.get(`/runs/${id}/steps`)).data as { startedAt: number }[];
    times.push((step!.startedAt - createdAt) / STEP_MS);
  }
  return percentile(times, 95);
}

export default fairness;
