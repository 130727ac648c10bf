import type { BenchCase } from "../case.js";
import { bareLauncher } from "../reference/launcher.js";
import { startStub } from "../reference/stub.js";
import { warmedUp, warmUpMs } from "../session/context.js";
import type { Answers } from "../session/interleave.js";

const stages: BenchCase = {
  name: "stages",
  order: "e",
  title: "Stages in sequence",
  measures: `A run of 50 stages of one step, one after the other; flow.sh is called for each. The run's whole time by the database's clock, for each stage: flow.sh, the commit of its stage, the step, the
commit of its end, and the start of the next call. Against a start of the same flow.sh and of the same step by the launcher alone, one after the other; in the HTTP dialect
its \`curl\` talks to something that accepts at once, and what is left is MaxQ's answer and all the rest. One dialect after the other. ${warmedUp}`,

  async run(context) {
    const count = context.size(50, 3);
    const server = await context.startServer(await context.createDatabase());
    const launcher = await bareLauncher(context.flowsRoot, { stages: count });
    context.afterwards(() => launcher.close());
    const stub = await startStub();
    context.afterwards(() => stub.close());
    const maxq = async (flowName: string): Promise<number> =>
      (await server.api.runTime(flowName, { stages: count }, context.size(200, 20))) / count;
    const bare = async (flowName: string): Promise<number> =>
      (await launcher.each({ kind: "flow", flowName, completedStage: "s0", api: stub.url }, count)) +
      (await launcher.each({ kind: "step", flowName }, count));
    const [first, firstByHttp] = [await maxq("sequence"), await maxq("sequence-http")];
    const compared = (flowName: string): Promise<Answers<Record<"bare" | "maxq", () => Promise<number>>>> =>
      context.interleave({ bare: () => bare(flowName), maxq: () => maxq(flowName) }, { warmUpMs });
    const [printed, byHttp] = [await compared("sequence"), await compared("sequence-http")];
    const row = { unit: "ms", compare: "measured − reference" } as const;
    const bounds = { must: { atMost: 3 }, aim: { atMost: 1.5 } };
    const starts = "flow.sh and step, bare";
    return [
      {
        ...row,
        what: "a stage, stdout dialect",
        measured: printed.maxq,
        reference: { what: starts, measured: printed.bare },
        ...bounds,
      },
      {
        ...row,
        what: "a stage, HTTP dialect",
        measured: byHttp.maxq,
        reference: { what: `${starts}, and curl`, measured: byHttp.bare },
        ...bounds,
      },
      { what: `a stage, stdout dialect, of a server's first ${count}`, unit: "ms", measured: [first] },
      { what: `a stage, HTTP dialect, of its first ${count}`, unit: "ms", measured: [firstByHttp] },
    ];
  },
};

export default stages;
