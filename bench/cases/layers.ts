import { aFlow } from "@maxq/test-kit";
import { join } from "node:path";
import type { BenchCase } from "../case.js";
import { stepEnvironment } from "../reference/environment.js";
import { xargs } from "../reference/xargs.js";
import { warmedUp, warmUpMs } from "../session/context.js";

const width = 20;
const noop = "exit 0";

const layers: BenchCase = {
  name: "layers",
  order: "c",
  title: "Layers",
  measures: `One stage of 50 layers of 20 steps that do nothing, ten at a time. Each step waits for the whole layer before: no step of a layer may start before the commit of the last
of the layer before it. Once the document names the layer (\`dependsOn: ["layer-7"]\`, a barrier), once each step names the 20 steps of it (19,600 edges).
Against \`xargs -P10\` over 1,000 steps, which waits for nothing. ${warmedUp}`,

  async run(context) {
    const count = context.size(50, 3);
    const steps = count * width;
    addFlows(context.flowsRoot, count);
    const server = await context.startServer(await context.createDatabase());
    const env = await stepEnvironment(server);
    const script = join(context.flowsRoot, "layers-by-id/steps/noop/step.sh");
    const first = await server.api.stageTime("layers", steps);
    const times = await context.interleave(
      {
        xargs: async () => (await xargs(script, steps, env)).ms,
        byName: () => server.api.stageTime("layers", steps),
        byId: () => server.api.stageTime("layers-by-id", steps),
      },
      { warmUpMs },
    );
    const reference = { what: "xargs -P10", measured: times.xargs };
    const row = { unit: "ms", reference, compare: "reference ÷ measured", digits: 0 } as const;
    return [
      {
        ...row,
        what: "50 × 20 steps",
        measured: times.byName,
        must: { atLeast: 0.9 },
        aim: { atLeast: 1.0 },
      },
      { ...row, what: "50 × 20 steps, each dependency by id", measured: times.byId },
      { what: "a server's first 50 × 20 steps", unit: "ms", digits: 0, measured: [first] },
    ];
  },
};

function addFlows(flowsRoot: string, count: number): void {
  const numbers = Array.from({ length: count }, (_, layer) => layer);
  const barriers = numbers.map((layer) => ({
    name: `layer-${layer}`,
    instances: width,
    ...(layer > 0 && { dependsOn: [`layer-${layer - 1}`] }),
  }));
  const idsOf = (layer: number): string[] => Array.from({ length: width }, (_, n) => `l${layer}-${n}`);
  const edges = numbers.flatMap((layer) =>
    idsOf(layer).map((id) => ({ id, name: "noop", ...(layer > 0 && { dependsOn: idsOf(layer - 1) }) })),
  );
  const scripts = Object.fromEntries(barriers.map(({ name }) => [name, noop]));
  aFlow("layers", { flow: printing(barriers), steps: scripts }, flowsRoot);
  aFlow("layers-by-id", { flow: printing(edges), steps: { noop } }, flowsRoot);
}

function printing(steps: readonly object[]): string {
  return `echo '${JSON.stringify({ stage: "work", final: true, steps })}'`;
}

export default layers;
