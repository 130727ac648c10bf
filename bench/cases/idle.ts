import type { BenchCase, Row } from "../case.js";
import type { Engine } from "../program/engine.js";
import type { BenchContext } from "../session/context.js";

const idle: BenchCase = {
  name: "idle",
  order: "h",
  title: "Idle",
  measures: `Engines that have nothing to do, two minutes after their start (until then V8 still compiles and collects: its memory reducer takes 0.1 to 0.2 s of CPU time, once, between 30 and 75 seconds after the start): CPU time of the process a second, and the statements that they send in five seconds, over 10 seconds a round. One server,
then ten workers beside one that runs nothing, for each of them.`,

  async run(context) {
    const rows = await measure(context, 1);
    return context.kind === "postgres" ? [...rows, ...(await measure(context, context.size(10, 2)))] : rows;
  },
};

async function measure(context: BenchContext, count: number): Promise<Row[]> {
  const seconds = context.size(10, 1);
  const database = await context.createDatabase({ countStatements: true });
  const server = await context.startServer(database, { args: count === 1 ? [] : ["--no-worker"] });
  const crew: Engine[] =
    count === 1 ? [server] : Array.from({ length: count }, () => context.startWorker(database));
  while ((await server.api.get("/workers")).data.length < count) await pause(100);
  if (count > 1) await server.stop();
  await pause(context.size(120_000, 100));
  const cpu = (): number => crew.reduce((sum, engine) => sum + engine.cpu().engine, 0);
  const { idle } = await context.interleave({
    idle: async () => {
      const [cpuBefore, before] = [cpu(), await database.statements()];
      await pause(seconds * 1000);
      const statements = ((await database.statements()) - before) / (seconds / 5) / count;
      return { cpu: (cpu() - cpuBefore) / seconds / count, statements };
    },
  });
  await Promise.all(crew.map((engine) => engine.stop()));
  const who = count === 1 ? "one server" : `each of ${count} workers`;
  const cpuRow: Row = {
    what: `${who}: CPU a second`,
    unit: "ms",
    measured: idle.map((round) => round.cpu),
    must: { atMost: 1 },
  };
  if (context.kind === "sqlite") return [cpuRow];
  const measured = idle.map(({ statements }) => statements);
  return [cpuRow, { what: `${who}: statements in 5 s`, unit: "", measured, must: { atMost: 1 } }];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export default idle;
