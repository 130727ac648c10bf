import type { BenchCase } from "../case.js";
import type { BenchDatabase } from "../database/database.js";
import type { BenchServer } from "../program/engine.js";
import { stepEnvironment } from "../reference/environment.js";
import { bareLauncher, type BareStart } from "../reference/launcher.js";
import { xargs } from "../reference/xargs.js";

/** CPU time a step, in ms. */
interface Shares {
  readonly engine: number;
  readonly launcher: number;
  readonly database: number;
  readonly scripts: number;
}

/** Fan-outs before the first round that counts. In the first five thousand steps or so V8 compiles what runs often, on threads of its own, once in a process's life. */
const warmUps = 6;

const cpu: BenchCase = {
  name: "cpu",
  order: "a2",
  title: "CPU a step",
  measures: `The fan-out of 1,000 steps again: CPU time, user and system, of the engine (with SQLite in it), of the launcher without its scripts, of all of PostgreSQL's processes, and of the scripts, for each
step. The trigger, the flow call, and all that the server does meanwhile are in it. Beside it the same of the bare launcher loop, and all of \`xargs\`. The server has run ${warmUps},000 steps before, because
V8 compiles what runs often in the first thousands, once in a process's life; what the very first thousand cost stands beside it.`,

  async run(context) {
    const steps = context.size(1000, 20);
    const database = await context.createDatabase();
    const server = await context.startServer(database);
    const env = await stepEnvironment(server);
    const launcher = await bareLauncher(context.flowsRoot);
    context.afterwards(() => launcher.close());
    const starts = Array<BareStart>(steps).fill({ kind: "step", flowName: "fan-out" });
    const script = `${context.flowsRoot}/fan-out/steps/noop/step.sh`;
    const first = await measure(server, database, steps);
    if (!context.smoke) for (let i = 1; i < warmUps; i++) await server.api.stageTime("fan-out", steps);
    const { maxq, bare, byXargs } = await context.interleave({
      byXargs: async () => (await xargs(script, steps, env)).cpuMs / steps,
      maxq: () => measure(server, database, steps),
      bare: async () => {
        const { loop, launcher: own, scripts } = await launcher.loop(starts, 10);
        return { loop: loop / steps, launcher: own / steps, scripts: scripts / steps };
      },
    });
    const row = { unit: "ms", digits: 3 } as const;
    const together = ({ engine, launcher, database }: Shares) => engine + launcher + database;
    const beyond = maxq.map(together);
    return [
      {
        ...row,
        what: "engine, launcher and database together",
        measured: beyond,
        must: { atMost: 0.25 },
        aim: { atMost: 0.15 },
      },
      { ...row, what: "the same, of the first 1,000 steps of a server", measured: [together(first)] },
      {
        ...row,
        what: "engine",
        measured: maxq.map(({ engine }) => engine),
        reference: { what: "the bare loop's process", measured: bare.map(({ loop }) => loop) },
      },
      {
        ...row,
        what: "launcher",
        measured: maxq.map(({ launcher }) => launcher),
        reference: { what: "bare loop", measured: bare.map(({ launcher }) => launcher) },
      },
      { ...row, what: "database", measured: maxq.map(({ database }) => database) },
      {
        ...row,
        what: "the script itself",
        measured: maxq.map(({ scripts }) => scripts),
        reference: { what: "bare loop", measured: bare.map(({ scripts }) => scripts) },
      },
      {
        ...row,
        what: "all of it",
        measured: maxq.map(({ scripts }, round) => scripts + beyond[round]!),
        reference: { what: "all of xargs -P10", measured: byXargs },
      },
    ];
  },
};

async function measure(server: BenchServer, database: BenchDatabase, steps: number): Promise<Shares> {
  const [before, databaseBefore] = [server.cpu(), database.cpuMs()];
  await server.api.stageTime("fan-out", steps);
  const [after, databaseAfter] = [server.cpu(), database.cpuMs()];
  return {
    engine: (after.engine - before.engine) / steps,
    launcher: (after.launcher - before.launcher) / steps,
    database: (databaseAfter - databaseBefore) / steps,
    scripts: (after.scripts - before.scripts) / steps,
  };
}

export default cpu;
