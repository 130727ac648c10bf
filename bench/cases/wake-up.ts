import { once } from "node:events";
import pg from "pg";
import type { BenchCase } from "../case.js";
import { warmUpMs } from "../session/context.js";
import { percentile } from "../statistics.js";

const wakeUp: BenchCase = {
  name: "wake-up",
  order: "g",
  title: "Wake-up of an idle worker",
  measures: `100 runs, one after the other, triggered on a server that runs nothing, while a worker in another process idles: from the commit of the trigger, by the database's own record of commits (to
the microsecond, taken before the flush), to the moment at which the worker's claim reached the database (\`claimed_at\`, to the millisecond). The trigger's flush to the disk, NOTIFY, and the worker's
waking are in it. Beside it what any small durable commit with a NOTIFY takes until another connection has heard of it. Before the rounds that count, all of it was done for 20 seconds.`,
  databases: ["postgres"],

  async run(context) {
    const runs = context.size(100, 3);
    const database = await context.createDatabase({ settings: ["track_commit_timestamp=on"] });
    const { api } = await context.startServer(database, { args: ["--no-worker"] });
    context.startWorker(database);
    while ((await api.get("/workers")).data.length < 1) await pause(100);
    const delaysOf = async (): Promise<{ readonly p50: number; readonly p99: number }> => {
      for (let run = 0; run < runs; run++) {
        await api.runTime("single");
        await pause(30);
      }
      const rows = await database.query<Claimed>(claimed(runs));
      if (rows.length !== runs) throw new Error(`${rows.length} runs were claimed: there should be ${runs}`);
      const times = rows.map(({ delay }) => delay);
      return { p50: percentile(times, 50), p99: percentile(times, 99) };
    };
    const first = await delaysOf();
    const heard = (): Promise<number> => hearing(database.url!);
    const times = await context.interleave({ delays: delaysOf, heard }, { warmUpMs });
    const { delays } = times;
    const row = { unit: "ms", digits: 2 } as const;
    return [
      { ...row, what: "p50", measured: delays.map(({ p50 }) => p50), must: { atMost: 1 } },
      { ...row, what: "p99", measured: delays.map(({ p99 }) => p99), must: { atMost: 10 } },
      { ...row, what: "any durable commit, until a listener hears of it", measured: times.heard },
      { ...row, what: `p50, of a worker's first ${runs}`, measured: [first.p50] },
    ];
  },
};

interface Claimed {
  readonly delay: number;
}

/** The row of a call's arguments is written once, by the trigger's transaction. */
const claimed = (runs: number): string => `
  select (s.claimed_at - extract(epoch from pg_xact_commit_timestamp(c.xmin)) * 1000)::float8 as delay
    from step s join flow_call c on c.step_key = s.key where s.id = 'flow:1' order by s.key desc limit ${runs}`;

/** Ms from the sending of small durable writes with a NOTIFY until another connection hears of them, the median of ten. */
async function hearing(url: string): Promise<number> {
  const [writer, listener] = [new pg.Client(url), new pg.Client(url)];
  await Promise.all([writer.connect(), listener.connect()]);
  await listener.query("listen bench");
  const times: number[] = [];
  for (let n = 0; n < 10; n++) {
    const heard = once(listener, "notification");
    const begin = performance.now();
    const write = writer.query(
      "insert into setting values ('bench', '') on conflict (name) do update set value = ''; notify bench",
    );
    await heard;
    times.push(performance.now() - begin);
    await write;
    await pause(10);
  }
  await Promise.all([writer.end(), listener.end()]);
  return percentile(times, 50);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export default wakeUp;
