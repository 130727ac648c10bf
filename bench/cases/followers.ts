import type { BenchCase } from "../case.js";
import type { BenchServer } from "../program/engine.js";
import { follow } from "../program/follow.js";
import { percentile } from "../statistics.js";

const many = 100;

const followers: BenchCase = {
  name: "followers",
  order: "k2",
  title: "Following a run",
  measures: `A chain of 200 steps while one, and while 100 readers follow its events (\`GET /runs/{id}/events\`), each by a connection of its own, from before its first step has ended: how long an event takes
from its moment by the database's clock, which is before its commit and its flush, until a reader has it, and the run's time against the same with nobody following. All readers are one process,
on the same two cores as everything else. Each of them must hear of each event, once and in order.`,

  async run(context) {
    const [hops, readers] = [context.size(200, 3), context.size(many, 3)];
    const server = await context.startServer(await context.createDatabase());
    const { none, one, all } = await context.interleave({
      none: () => followed(server, hops, 0),
      one: () => followed(server, hops, 1),
      all: () => followed(server, hops, readers),
    });
    const row = { unit: "ms", digits: 1 } as const;
    return [
      {
        ...{ ...row, what: `a hop, ${many} readers`, measured: all.map(({ ms }) => ms / hops), digits: 2 },
        reference: { what: "nobody follows", measured: none.map(({ ms }) => ms / hops) },
        compare: "measured ÷ reference",
      },
      ...(["p50", "p95"] as const).map((p) => ({
        ...{
          ...row,
          what: `an event until a reader has it, ${many} readers, ${p}`,
          measured: all.map((of) => of[p]),
        },
        reference: { what: "the only reader", measured: one.map((of) => of[p]) },
      })),
    ];
  },
};

/** In ms; the percentiles are of events from after the last reader's beginning, of all readers. 0 without readers. */
interface Followed {
  readonly ms: number;
  readonly p50: number;
  readonly p95: number;
}

/** One run of the chain, followed by so many. */
async function followed({ api }: BenchServer, hops: number, readers: number): Promise<Followed> {
  const runId = await api.trigger("chain", { steps: hops });
  const following = Array.from({ length: readers }, () => follow(api.url, runId));
  await Promise.all(following.map(({ begun }) => begun));
  const since = Date.now();
  const heard = await Promise.all(following.map((each) => each.heard));
  const { createdAt, completedAt } = await api.runOnce(runId, ({ status }) => status === "completed");
  const [first] = heard;
  for (const { ids } of heard) {
    if (ids.length < hops || new Set(ids).size < ids.length || ids.join() !== first!.ids.join())
      throw new Error(
        `One reader heard ${ids.length} events, another ${first!.ids.length}, of ${hops} hops.`,
      );
  }
  const delays = heard.flatMap((each) => each.delays.filter(({ at }) => at >= since).map(({ ms }) => ms));
  const p = (percent: number): number => (delays.length === 0 ? 0 : percentile(delays, percent));
  return { ms: completedAt - createdAt, p50: p(50), p95: p(95) };
}

export default followers;
