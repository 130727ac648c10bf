import type { BenchCase } from "../case.js";
import type { BenchApi } from "../program/api.js";
import { graceMs } from "../program/engine.js";
import { spread } from "../statistics.js";

const control: BenchCase = {
  name: "control",
  order: "o",
  title: "Aborts, and a small run beside a big one",
  measures: `An abort, as a client sees it over HTTP: it is answered when all processes of the run are gone. Ten steps that obey SIGTERM; and a tree with a grandchild that ignores it and one that left its
session, which get SIGKILL after the grace period, here ${graceMs} ms. Then how long a run of one step takes by the database's clock: alone; while 1,000 ready steps of another run
are worked off, which is what a busy machine costs; and while one slow step's 2,000 dependents are set free and worked off. Of runs beside others the median of a round counts.`,

  async run(context) {
    const { api } = await context.startServer(await context.createDatabase());
    const ready = context.size(1000, 20);
    const dependents = context.size(2000, 20);
    const median = (times: readonly number[]): number => spread(times).median;
    const times = await context.interleave({
      obedient: () => abortTime(api, "obedient", 10),
      stubborn: () => abortTime(api, "stubborn", 1),
      alone: async () => {
        const alone: number[] = [];
        while (alone.length < 5) alone.push(await api.runTime("single"));
        return median(alone);
      },
      besideFanOut: async () => median(await runBeside(api, "fan-out", ready)),
      besideHub: async () => median(await runBeside(api, "hub", dependents)),
    });
    const row = { unit: "ms", digits: 0 } as const;
    const alone = { what: "alone", measured: times.alone };
    return [
      { ...row, what: "abort of ten steps that obey", measured: times.obedient, must: { atMost: 200 } },
      {
        ...row,
        what: "abort of a tree that ignores SIGTERM",
        measured: times.stubborn,
        must: { atMost: graceMs + 1000 },
      },
      { ...row, what: "a one-step run alone", measured: times.alone },
      {
        ...row,
        what: "a one-step run beside 1,000 ready steps",
        measured: times.besideFanOut,
        reference: alone,
        compare: "measured − reference",
      },
      {
        ...row,
        what: "a one-step run beside 2,000 dependents",
        measured: times.besideHub,
        reference: alone,
        compare: "measured − reference",
        must: { atMost: 100 },
      },
    ];
  },
};

/** Starts a run, waits until so many steps run, aborts it, and answers how long the answer took, in ms. */
async function abortTime(api: BenchApi, flowName: string, running: number): Promise<number> {
  const runId = await api.trigger(flowName);
  await api.runOnce(runId, ({ stages }) => stages[0]?.counts.running === running, 50);
  const begin = performance.now();
  await api.post(`/runs/${runId}/abort`);
  return performance.now() - begin;
}

/** The times of one-step runs, one after the other, as long as another run takes. */
async function runBeside(api: BenchApi, flowName: string, steps: number): Promise<number[]> {
  const runId = await api.trigger(flowName, { steps });
  const times: number[] = [];
  do times.push(await api.runTime("single"));
  while ((await api.run(runId)).status !== "completed");
  return times;
}

export default control;
