import { aFolder } from "@maxq/test-kit";
import type { BenchCase } from "../case.js";
import type { BenchApi } from "../program/api.js";
import { stepEnvironment } from "../reference/environment.js";
import { xargs } from "../reference/xargs.js";

const printed = 100_000;

const output: BenchCase = {
  name: "output",
  order: "j",
  title: "Output",
  measures: `One stage of 1,000 steps that print 100,000 bytes each, ten at a time. MaxQ reads all of it, counts it, and keeps the last 8 KiB a stream in the database.
Against \`xargs -P10\` over the same script, which then prints into a file of its own.`,

  async run(context) {
    const steps = context.size(1000, 10);
    const server = await context.startServer(await context.createDatabase());
    const env = await stepEnvironment(server);
    const script = `${context.flowsRoot}/loud/steps/loud/step.sh`;
    const { maxq, xargs: byXargs } = await context.interleave({
      xargs: async () => (await xargs(script, steps, { ...env, BENCH_OUTPUT_FOLDER: aFolder("output") })).ms,
      maxq: () => server.api.stageTime("loud", steps),
    });
    const kept = await bytesKept(server.api, steps);
    return [
      {
        what: "1,000 steps of 100,000 bytes",
        unit: "ms",
        digits: 0,
        measured: maxq,
        reference: { what: "xargs -P10 into files", measured: byXargs },
        compare: "reference ÷ measured",
      },
      { what: "kept of a step's output", unit: "bytes", digits: 0, measured: [kept] },
      {
        what: "most memory that the engine ever had",
        unit: "MB",
        digits: 0,
        measured: [server.memory(true).engine / 1e6],
      },
    ];
  },
};

/** Looks at the last step of the latest run. */
async function bytesKept(api: BenchApi, steps: number): Promise<number> {
  const { id } = (await api.get("/runs?flowName=loud&limit=1")).data[0] as { id: string };
  const step = (await api.get(`/runs/${id}/steps/work.loud.${steps - 1}`)) as {
    stdout: string;
    stdoutBytes: number;
    stdoutTruncated: boolean;
  };
  if (step.stdoutBytes !== printed || !step.stdoutTruncated || !step.stdout.endsWith(".\n"))
    throw new Error(`Of ${printed} bytes, ${step.stdoutBytes} are told of: …${step.stdout.slice(-20)}`);
  return Buffer.byteLength(step.stdout);
}

export default output;
