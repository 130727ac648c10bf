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

const cpu: BenchCase = {
  name: "cpu",
  order: "a2",
  title: "CPU a step",
  measures: `The fan-out of 1,000 steps again: CPU time, user and system, of the engine (with SQLite in it), of the launcher without its scripts, of all of PostgreSQL's processes, and of the scripts, for each
step. The trigger, the flow call, and all that the server does meanwhile are in it. Beside it the same of the bare launcher loop, and all of \`xargs\`.`,

  async run(context) {
    const steps = context.size(1000, 20);
    const database = await context.createDatabase();
    const server = await context.startServer(database);
    const env = await stepEnvironment(server);
    const launcher = await bareLauncher(context.flowsRoot);
    context.afterwards(() => launcher.close());
    const starts = Array<BareStart>(steps).fill({ kind: "step", flowName: "fan-out" });
    const script = `${context.flowsRoot}/fan-out/steps/noop/step.sh`;
    const { maxq, bare, byXargs } = await context.interleave({
      byXargs: async () => (await xargs(script, steps, env)).cpuMs / steps,
      maxq: () => measure(server, database, steps),
      bare: async () => {
        const { loop, launcher: own, scripts } = await launcher.loop(starts, 10);
        return { loop: loop / steps, launcher: own / steps, scripts: scripts / steps };
      },
    });
    const row = { unit: "ms", digits: 3 } as const;
    const beyond = maxq.map(({ engine, launcher, database }) => engine + launcher + database);
    return [
      {
        ...row,
        what: "engine, launcher and database together",
        measured: beyond,
        must: { atMost: 0.25 },
        aim: { atMost: 0.15 },
      },
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
