import type { BenchCase } from "../case.js";
import { bareLauncher } from "../reference/launcher.js";
import { warmedUp, warmUpMs } from "../session/context.js";

const chain: BenchCase = {
  name: "chain",
  order: "b",
  title: "Chain",
  measures: `One stage of 200 steps, each after the one before: the time of one hop, which is the script, the commit of its end, and the start of the next.
Against the time that the launcher alone needs to start the same script and to see its end, one after the other.
${warmedUp}`,

  async run(context) {
    const hops = context.size(200, 5);
    const server = await context.startServer(await context.createDatabase());
    const launcher = await bareLauncher(context.flowsRoot);
    context.afterwards(() => launcher.close());
    const maxqHop = async (): Promise<number> => (await server.api.stageTime("chain", hops)) / hops;
    const first = await maxqHop();
    const bareStart = (): Promise<number> => launcher.each({ kind: "step", flowName: "chain" }, hops);
    const { maxq, bare } = await context.interleave({ bare: bareStart, maxq: maxqHop }, { warmUpMs });
    return [
      {
        what: "a hop",
        unit: "ms",
        measured: maxq,
        reference: { what: "bare launcher start", measured: bare },
        compare: "measured − reference",
        must: { atMost: 0.7 },
        aim: { atMost: 0.45 },
      },
      { what: `a hop, of a server's first ${hops}`, unit: "ms", measured: [first] },
    ];
  },
};

export default chain;
