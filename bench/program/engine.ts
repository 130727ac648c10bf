import { aFolder, aFreePort, cleanEnvironment, startProgram, type Program } from "@maxq/test-kit";
import { fileURLToPath } from "node:url";
import type { BenchDatabase } from "../database/database.js";
import { BenchApi } from "./api.js";
import { childrenOf, cpuOf, memoryOf } from "./cpu.js";

const command = fileURLToPath(new URL("../../node/packages/maxq/bin/maxq", import.meta.url));

/** From SIGTERM to SIGKILL at an abort, in ms: the one setting that is not as it comes, so that aborts do not take long to measure. */
export const graceMs = 1000;

/** CPU time since the start, in ms. */
export interface EngineCpu {
  readonly engine: number;
  /** Its own, without the scripts'. */
  readonly launcher: number;
  /** Of the scripts that have ended, and what they started. */
  readonly scripts: number;
}

/** The built `maxq` as a process of its own, as users start it. */
export interface Engine {
  readonly pid: number;
  cpu(): EngineCpu;
  /** Resident memory of engine and launcher, in bytes; `peak`: the most that it was. */
  memory(peak?: boolean): { readonly engine: number; readonly launcher: number };
  /** Everything that it said. */
  output(): string;
  /** SIGTERM, and waits for its end. */
  stop(): Promise<void>;
}

/** One that answers HTTP, too. */
export interface BenchServer extends Engine {
  readonly api: BenchApi;
}

/** How an engine is started: everything not given here as it comes. */
export interface EngineOptions {
  /** Ten without it, which is the default. */
  readonly slots?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments, `--no-worker` for example. */
  readonly args?: readonly string[];
  /** Arguments for Node. With them it has a heap of the size that Node gives it, not the command's. */
  readonly nodeArgs?: readonly string[];
}

/** Starts a server on a free port and waits until it is ready. */
export async function startServer(
  database: BenchDatabase,
  flowsRoot: string,
  options: EngineOptions,
): Promise<BenchServer> {
  const port = String(await aFreePort());
  const program = start("serve", database, flowsRoot, {
    ...options,
    env: { MAXQ_PORT: port, ...options.env },
  });
  const base = `http://127.0.0.1:${port}`;
  await ready(`${base}/readyz`, program);
  const api = new BenchApi(`${base}/api/v1`);
  const engine = engineOf(program);
  return {
    ...engine,
    api,
    stop: () => (api.close(), engine.stop()),
  };
}

/** Starts a worker; it is at work some time later. */
export function startWorker(database: BenchDatabase, flowsRoot: string, options: EngineOptions): Engine {
  return engineOf(start("worker", database, flowsRoot, options));
}

/** What an engine finds in its environment, settings aside: scripts that are started without one get the same. */
export function engineEnvironment(): Record<string, string> {
  return cleanEnvironment();
}

function start(role: string, database: BenchDatabase, flowsRoot: string, options: EngineOptions): Program {
  const { slots = 10, env, args = [], nodeArgs = [] } = options;
  return startProgram({
    ...(nodeArgs.length === 0
      ? { command, args: [role, ...args] }
      : { command: process.execPath, args: [...nodeArgs, `${command}.js`, role, ...args] }),
    env: {
      MAXQ_FLOWS_ROOT: flowsRoot,
      MAXQ_DATA_DIR: aFolder("data"),
      MAXQ_MAX_CONCURRENT_STEPS: String(slots),
      MAXQ_ABORT_GRACE_MS: String(graceMs),
      LOG_LEVEL: "warn",
      ...database.env,
      ...env,
    },
  });
}

function engineOf(program: Program): Engine {
  return {
    pid: program.pid,
    output: () => program.output(),
    cpu() {
      const launchers = childrenOf(program.pid).map(cpuOf);
      return {
        engine: cpuOf(program.pid).own,
        launcher: launchers.reduce((sum, { own }) => sum + own, 0),
        scripts: launchers.reduce((sum, { children }) => sum + children, 0),
      };
    },
    memory: (peak) => ({
      engine: memoryOf(program.pid, peak),
      launcher: childrenOf(program.pid).reduce((sum, pid) => sum + memoryOf(pid, peak), 0),
    }),
    async stop() {
      if (program.isRunning()) await program.stop();
    },
  };
}

async function ready(url: string, program: Program): Promise<void> {
  const deadline = performance.now() + 30_000;
  while ((await fetch(url).catch(() => null))?.ok !== true) {
    if (!program.isRunning() || performance.now() > deadline)
      throw new Error(`The server did not become ready. It said:\n${program.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
