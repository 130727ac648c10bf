import { aFolder, aFreePort, startProgram } from "@maxq/test-kit";
import { fileURLToPath } from "node:url";
import { graceMs } from "./control.js";
import { startPostgres } from "./postgres.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The real server, as users start it, on a durable database of its own. */
export interface Engine {
  /** Runs a flow of `bench/flows` to its end and answers its stage's time from stored to completed, in ms, by the database's clock. */
  runStage(flowName: string): Promise<number>;
  /** Triggers a run and answers its id. */
  trigger(flowName: string): Promise<string>;
  isOver(runId: string): Promise<boolean>;
  /** A run's whole time from creation to completion, in ms, by the database's clock. */
  runTime(flowName: string): Promise<number>;
  /** Starts a run, waits until so many steps run, aborts it, and answers how long the answer took, in ms. */
  abortTime(flowName: string, running: number): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the built server with ten slots; everything else as it comes. */
export async function startEngine(database: "postgres" | "sqlite"): Promise<Engine> {
  const folder = aFolder();
  const port = await aFreePort();
  const postgres = database === "postgres" ? await startPostgres(false) : null;
  const server = startProgram({
    command: process.execPath,
    args: [`${root}node/packages/maxq/bin/maxq.js`],
    env: {
      MAXQ_PORT: String(port),
      MAXQ_DATA_DIR: folder,
      MAXQ_FLOWS_ROOT: `${root}bench/flows`,
      MAXQ_MAX_CONCURRENT_STEPS: "10",
      MAXQ_ABORT_GRACE_MS: String(graceMs),
      LOG_LEVEL: "warn",
      ...(postgres !== null && { MAXQ_DATABASE_URL: postgres.url }),
    },
  });
  const api = `http://127.0.0.1:${port}/api/v1`;
  await ready(api, server.output.bind(server));
  return {
    runStage: (flowName) => runStage(api, flowName),
    trigger: (flowName) => trigger(api, flowName),
    isOver: async (runId) => over(await read(api, runId)),
    runTime: (flowName) => runTime(api, flowName),
    abortTime: (flowName, running) => abortTime(api, flowName, running),
    async stop() {
      await server.stop();
      await postgres?.stop();
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

interface RunAnswer {
  readonly status: string;
  readonly createdAt: number;
  readonly completedAt: number;
  readonly stages: readonly {
    readonly createdAt: number;
    readonly completedAt: number;
    readonly counts: { readonly running: number };
  }[];
}

async function trigger(api: string, flowName: string): Promise<string> {
  const answer = await fetch(`${api}/flows/${flowName}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  return ((await answer.json()) as { id: string }).id;
}

async function read(api: string, runId: string): Promise<RunAnswer> {
  return (await (await fetch(`${api}/runs/${runId}`)).json()) as RunAnswer;
}

function over({ status }: RunAnswer): boolean {
  return status === "completed" || status === "failed" || status === "aborted";
}

/** Looks seldom, so that watching costs the engine next to nothing; the times are the database's. */
async function waitFor(
  api: string,
  runId: string,
  wanted: (run: RunAnswer) => boolean,
  everyMs: number,
): Promise<RunAnswer> {
  for (;;) {
    const run = await read(api, runId);
    if (run.status === "failed" || run.status === "aborted") throw new Error(`run ${runId} is ${run.status}`);
    if (wanted(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

async function runStage(api: string, flowName: string): Promise<number> {
  const { stages } = await waitFor(api, await trigger(api, flowName), over, 200);
  return stages[0]!.completedAt - stages[0]!.createdAt;
}

async function runTime(api: string, flowName: string): Promise<number> {
  const run = await waitFor(api, await trigger(api, flowName), over, 20);
  return run.completedAt - run.createdAt;
}

async function abortTime(api: string, flowName: string, running: number): Promise<number> {
  const runId = await trigger(api, flowName);
  await waitFor(api, runId, ({ stages }) => stages[0]?.counts.running === running, 50);
  const begin = performance.now();
  const answer = await fetch(`${api}/runs/${runId}/abort`, { method: "POST" });
  if (answer.status !== 200) throw new Error(`the abort was answered with ${answer.status}`);
  return performance.now() - begin;
}
