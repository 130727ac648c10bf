import { aFolder, aFreePort, createDatabase, startProgram } from "@maxq/test-kit";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The real server, as users start it, on a database of its own. */
export interface Engine {
  /** Runs a flow of `bench/flows` to its end and answers its stage's time from stored to completed, in ms, by the database's clock. */
  runStage(flowName: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the built server with ten slots; everything else as it comes. */
export async function startEngine(database: "postgres" | "sqlite"): Promise<Engine> {
  const folder = aFolder();
  const port = await aFreePort();
  const created = database === "postgres" ? await createDatabase() : null;
  const server = startProgram({
    command: process.execPath,
    args: [`${root}node/packages/maxq/bin/maxq.js`],
    env: {
      MAXQ_PORT: String(port),
      MAXQ_DATA_DIR: folder,
      MAXQ_FLOWS_ROOT: `${root}bench/flows`,
      MAXQ_MAX_CONCURRENT_STEPS: "10",
      LOG_LEVEL: "warn",
      ...(created !== null && { MAXQ_DATABASE_URL: created.url }),
    },
  });
  const api = `http://127.0.0.1:${port}/api/v1`;
  await ready(api, server.output.bind(server));
  return {
    runStage: (flowName) => runStage(api, flowName),
    async stop() {
      await server.stop();
      await created?.drop();
    },
  };
}

async function ready(api: string, output: () => string): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const answer = await fetch(`${api}/readyz`).catch(() => null);
    if (answer?.ok) return;
    if (performance.now() > deadline) throw new Error(`The server did not become ready:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function runStage(api: string, flowName: string): Promise<number> {
  const triggered = await fetch(`${api}/flows/${flowName}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { id } = (await triggered.json()) as { id: string };
  for (;;) {
    // Seldom, so that watching costs the engine next to nothing; the times are the database's.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const run = (await (await fetch(`${api}/runs/${id}`)).json()) as {
      status: string;
      stages: { status: string; createdAt: number; completedAt: number }[];
    };
    if (run.status === "failed" || run.status === "aborted") throw new Error(`${flowName} is ${run.status}`);
    if (run.status === "completed") return run.stages[0]!.completedAt - run.stages[0]!.createdAt;
  }
}
