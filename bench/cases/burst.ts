import type { BenchCase } from "../case.js";
import type { BenchApi, RunAnswer } from "../program/api.js";
import { bareLauncher, type BareStart } from "../reference/launcher.js";
import { startStub } from "../reference/stub.js";
import { warmedUp, warmUpMs } from "../session/context.js";

const burst: BenchCase = {
  name: "burst",
  order: "d",
  title: "One-step runs",
  measures: `500 runs of one step that does nothing, triggered over HTTP at once (20 connections) on the two cores that serve them: from the first run's creation to the last one's completion by the
database's clock. A run is two scripts, flow.sh and the step; against as many starts of the same two by the launcher alone, ten at a time, which is what the scripts allow.
Then 200 runs whose flow.sh schedules by \`curl\`, against the same two scripts whose \`curl\` talks to something that accepts at once. ${warmedUp}`,

  async run(context) {
    const runs = context.size(500, 5);
    const runsByHttp = context.size(200, 3);
    const server = await context.startServer(await context.createDatabase());
    const launcher = await bareLauncher(context.flowsRoot);
    context.afterwards(() => launcher.close());
    const stub = await startStub();
    context.afterwards(() => stub.close());
    const pair = (flowName: string): BareStart[] => [
      { kind: "flow", flowName, api: stub.url },
      { kind: "step", flowName },
    ];
    const bare = async (flowName: string, count: number): Promise<number> => {
      const starts = Array.from({ length: count }, () => pair(flowName)).flat();
      return (1000 * count) / (await launcher.loop(starts, 10)).ms;
    };
    const first = await triggerAll(server.api, "single", runs);
    const rates = await context.interleave(
      {
        maxq: () => triggerAll(server.api, "single", runs),
        bare: () => bare("single", runs),
        maxqByHttp: () => triggerAll(server.api, "single-http", runsByHttp),
        bareByHttp: () => bare("single-http", runsByHttp),
      },
      { warmUpMs },
    );
    const row = { unit: "runs/s", digits: 0, compare: "measured ÷ reference" } as const;
    const bound = { what: "two bare script starts a run", measured: rates.bare };
    const boundByHttp = { what: "two bare script starts and a curl a run", measured: rates.bareByHttp };
    return [
      { what: "stdout dialect", unit: "runs/s", digits: 0, measured: rates.maxq, must: { atLeast: 300 } },
      { ...row, what: "stdout dialect", measured: rates.maxq, reference: bound, aim: { atLeast: 0.8 } },
      { ...row, what: "HTTP dialect", measured: rates.maxqByHttp, reference: boundByHttp },
      { what: `a server's first ${runs}, stdout dialect`, unit: "runs/s", digits: 0, measured: [first] },
    ];
  },
};

/** Runs a second. */
async function triggerAll(api: BenchApi, flowName: string, count: number): Promise<number> {
  const ids = new Set(await Promise.all(Array.from({ length: count }, () => api.trigger(flowName))));
  const open = `/runs?flowName=${flowName}&status=pending,running&limit=1`;
  while ((await api.get(open)).data.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const runs: RunAnswer[] = [];
  for (let offset = 0; offset < count; offset += 100)
    runs.push(...(await api.get(`/runs?flowName=${flowName}&limit=100&offset=${offset}`)).data);
  const ended = runs.filter(({ id, status }) => ids.has(id) && status === "completed");
  if (ended.length !== count)
    throw new Error(`${ended.length} runs of ${flowName} completed: there should be ${count}`);
  const first = Math.min(...ended.map(({ createdAt }) => createdAt));
  const last = Math.max(...ended.map(({ completedAt }) => completedAt));
  return (1000 * count) / (last - first);
}

export default burst;
