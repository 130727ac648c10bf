import { join } from "node:path";
import type { BenchCase } from "../case.js";
import { stepEnvironment } from "../reference/environment.js";
import { installQueues, make, parallel, startQueue, type Peer } from "../reference/peers.js";
import type { BenchContext } from "../session/context.js";

const peers: BenchCase = {
  name: "peers",
  order: "t",
  title: "Peers",
  measures: `1,000 starts of the same script with the same environment, ten at a time, by others. Two job queues for Node on the same PostgreSQL, graphile-worker with a local queue of 500 and completions in batches,
and pg-boss with ten workers that look again at once: from the insertion of 1,000 jobs by one call until all are recorded as done; a job spawns the script and captures
nothing. And two programs that remember nothing, GNU make and GNU parallel. Whoever is not at work stands still.`,
  databases: ["postgres"],

  async run(context) {
    const steps = context.size(1000, 10);
    const server = await context.startServer(await context.createDatabase());
    const env = await stepEnvironment(server);
    const script = join(context.flowsRoot, "fan-out/steps/noop/step.sh");
    const others = await startPeers(context, script, env);
    const works = Object.fromEntries(others.map((peer) => [peer.title, () => peer.run(steps)]));
    const { maxq, ...times } = await context.interleave<Record<string, () => Promise<number>>>({
      maxq: () => server.api.stageTime("fan-out", steps),
      ...works,
    });
    return others.map(({ title }) => ({
      what: "1,000 no-op steps",
      unit: "ms",
      digits: 0,
      measured: maxq!,
      reference: { what: title, measured: times[title]! },
      compare: "reference ÷ measured",
    }));
  },
};

async function startPeers(
  context: BenchContext,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<Peer[]> {
  const found: Peer[] = [];
  const add = (name: string, peer: Peer | null): void => {
    if (peer === null) context.note(`${name} is not on this machine.`);
    else {
      context.afterwards(() => peer.close());
      found.push(peer);
    }
  };
  add("GNU make", make(script, env));
  if (context.smoke) return found; // what has to be fetched is left out
  add("GNU parallel", parallel(script, env));
  try {
    const folder = installQueues();
    for (const name of ["graphile-worker", "pg-boss"] as const) {
      const { url } = await context.createDatabase();
      add(name, await startQueue(name, folder, url!, script, env));
    }
  } catch (error) {
    context.note(`graphile-worker and pg-boss could not be installed: ${(error as Error).message}`);
  }
  return found;
}

export default peers;
