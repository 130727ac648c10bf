import type { BenchCase } from "../case.js";
import { stepEnvironment } from "../reference/environment.js";
import { bareLauncher, type BareStart } from "../reference/launcher.js";
import { xargs } from "../reference/xargs.js";
import { warmedUp, warmUpMs } from "../session/context.js";

const fanOut: BenchCase = {
  name: "fan-out",
  order: "a",
  title: "Fan-out",
  measures: `One stage of 1,000 steps that do nothing (a bash script with \`exit 0\`), ten at a time: from the stage's commit to its completion by the database's clock.
Against \`xargs -P10 -n1\` over the same script with the very environment that a step has, and against a bare loop of MaxQ's launcher, ten at a time,
which captures output and knows ends as MaxQ does, and records nothing. The same with scripts that begin with \`#!/usr/bin/env bash\`, whose \`bash\` the launcher looks up itself. ${warmedUp}`,

  async run(context) {
    const steps = context.size(1000, 20);
    const server = await context.startServer(await context.createDatabase());
    const env = await stepEnvironment(server);
    const launcher = await bareLauncher(context.flowsRoot);
    context.afterwards(() => launcher.close());
    const starts = Array<BareStart>(steps).fill({ kind: "step", flowName: "fan-out" });
    const byXargsOf = async (flowName: string): Promise<number> =>
      (await xargs(`${context.flowsRoot}/${flowName}/steps/noop/step.sh`, steps, env)).ms;
    const first = await server.api.stageTime("fan-out", steps);
    const times = await context.interleave(
      {
        xargs: () => byXargsOf("fan-out"),
        maxq: () => server.api.stageTime("fan-out", steps),
        bare: async () => (await launcher.loop(starts, 10)).ms,
        byEnv: () => server.api.stageTime("fan-out-env", steps),
        xargsByEnv: () => byXargsOf("fan-out-env"),
      },
      { warmUpMs },
    );
    const row = {
      what: "1,000 no-op steps",
      unit: "ms",
      measured: times.maxq,
      compare: "reference ÷ measured",
      digits: 0,
    } as const;
    return [
      {
        ...row,
        reference: { what: "xargs -P10", measured: times.xargs },
        must: { atLeast: 1.0 },
        aim: { atLeast: 1.15 },
      },
      {
        ...row,
        reference: { what: "bare launcher loop", measured: times.bare },
        must: { atLeast: 0.85 },
        aim: { atLeast: 0.92 },
      },
      {
        ...row,
        what: "1,000 no-op steps by env",
        measured: times.byEnv,
        reference: { what: "xargs -P10", measured: times.xargsByEnv },
      },
      { what: `a server's first ${steps} no-op steps`, unit: "ms", digits: 0, measured: [first] },
    ];
  },
};

export default fanOut;
