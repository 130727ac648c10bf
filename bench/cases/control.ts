import type { BenchCase } from "../case.js";
import type { BenchApi, RunAnswer } from "../program/api.js";
import { graceMs } from "../program/engine.js";
import { spread } from "../statistics.js";

const control: BenchCase = {
  name: "control",
  order: "o",
  title: "Aborts, and a small run beside a big one",
  measures: `An abort, as a client sees it over HTTP: it is answered when all processes of the run are gone. Ten steps that obey SIGTERM; and a tree with a grandchild that ignores it and one that left its
session, which get SIGKILL after the grace period, here ${graceMs} ms. Then how long a run of one step takes by the database's clock: alone; while 1,000 ready steps of another run
are worked off, which is what a busy machine costs; and from the end of one slow step that 2,000 others wait for until all of these are worked off. The median of a round's runs counts,
and the longest is told.`,

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
      besideFanOut: () => runBeside(api, "fan-out", ready),
      besideHub: () => runBeside(api, "hub", dependents),
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
        measured: times.besideFanOut.map(median),
        reference: alone,
        compare: "measured − reference",
      },
      {
        ...row,
        what: "a one-step run beside 2,000 dependents",
        measured: times.besideHub.map(median),
        reference: alone,
        compare: "measured − reference",
        must: { atMost: 100 },
      },
      {
        ...row,
        what: "the longest run of a round beside 2,000 dependents",
        measured: times.besideHub.map((runs) => Math.max(...runs)),
        reference: {
          what: "the longest beside 1,000 ready steps",
          measured: times.besideFanOut.map((runs) => Math.max(...runs)),
        },
        compare: "measured − reference",
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

/** The times of one-step runs, one after the other, while the steps of another run are worked off; before the end of its step `slow`, if it has one, they do not count. */
async function runBeside(api: BenchApi, flowName: string, steps: number): Promise<number[]> {
  const runId = await api.trigger(flowName, { steps });
  const runs: RunAnswer[] = [];
  do runs.push(await api.runToEnd("single", {}, 20));
  while ((await api.run(runId)).status !== "completed");
  const slow = (await api.get(`/runs/${runId}/steps?name=slow`)).data as { completedAt: number }[];
  const beside = runs.filter(({ completedAt }) => completedAt > (slow[0]?.completedAt ?? 0));
  return (beside.length > 0 ? beside : runs.slice(-1)).map(
    ({ createdAt, completedAt }) => completedAt - createdAt,
  );
}

export default control;
