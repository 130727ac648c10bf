import type { Row } from "../case.js";
import type { BenchServer } from "../program/engine.js";
import type { BenchContext } from "../session/context.js";
import { stepEnvironment } from "./environment.js";
import { bareLauncher } from "./launcher.js";
import { xargs } from "./xargs.js";

/** The fan-out and the chain of one server in the same rounds, in other surroundings than usual: the rows of both, `where` in their names. */
export async function fanOutAndChain(
  context: BenchContext,
  server: BenchServer,
  where: string,
  bounds: Pick<Row, "must" | "aim"> = {},
): Promise<Row[]> {
  const [steps, hops] = [context.size(1000, 10), context.size(100, 3)];
  const env = await stepEnvironment(server);
  const launcher = await bareLauncher(context.flowsRoot);
  context.afterwards(() => launcher.close());
  const times = await context.interleave({
    xargs: async () => (await xargs(`${context.flowsRoot}/fan-out/steps/noop/step.sh`, steps, env)).ms,
    fanOut: () => server.api.stageTime("fan-out", steps),
    bare: () => launcher.each({ kind: "step", flowName: "chain" }, hops),
    chain: async () => (await server.api.stageTime("chain", hops)) / hops,
  });
  return [
    {
      what: `fan-out of 1,000, ${where}`,
      unit: "ms",
      digits: 0,
      measured: times.fanOut,
      reference: { what: "xargs -P10", measured: times.xargs },
      compare: "reference ÷ measured",
      ...bounds,
    },
    {
      what: `a hop of a chain, ${where}`,
      unit: "ms",
      measured: times.chain,
      reference: { what: "bare launcher start", measured: times.bare },
      compare: "measured − reference",
    },
  ];
}
