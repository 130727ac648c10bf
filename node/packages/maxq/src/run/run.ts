import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { Run } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation, RunRequest } from "../command/invocation.js";
import { Closers } from "../compose/closers.js";
import { startEngine, type Engine } from "../compose/engine.js";
import { createLogger } from "../compose/logger.js";
import { StopSignals } from "../serve/signals.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import type { Settings } from "../settings/settings.js";
import { Follower } from "./follow.js";
import { readInput } from "./input.js";
import { Progress } from "./progress.js";
import { failureReport, lastOutput } from "./report.js";
import { LiveView } from "./view/live.js";
import { PlainView } from "./view/plain.js";
import type { View } from "./view/view.js";
import { duration } from "./view/words.js";

/** `maxq run`: one flow to its end, in this process. */
export async function run(invocation: Invocation, request: RunRequest): Promise<number> {
  const read = settingsOrComplain(invocation);
  if (read === null) return exitCode.usage;
  const input = readInput(request.input);
  if (input.reason === "invalid") {
    invocation.err(`maxq: ${input.message}`);
    return exitCode.usage;
  }
  const signals = new StopSignals(["SIGINT", "SIGTERM", "SIGHUP"]);
  const closers = new Closers();
  try {
    const { flowName, flowsRoot } = locate(request.flow, read.flowsRoot);
    const dataDir = invocation.flags.dataDir ?? temporaryFolder(closers);
    const settings: Settings = { ...read, flowsRoot, dataDir, port: 0, host: "127.0.0.1" };
    const engine = await start(invocation, settings);
    closers.add(() => engine.stop({ drainMs: 0, graceMs: settings.abortGraceMs }));
    const created = await createRun(engine, flowName, flowsRoot, input.input);
    if (created.reason === "refused") {
      invocation.err(`maxq: ${created.problem.message}`);
      return exitCode.usage;
    }
    return await watch(invocation, request, engine, created.run, signals);
  } finally {
    await closers.close();
  }
}

/** A name is looked for below the flows root; with a slash it is the path of the flow's directory itself. */
function locate(flow: string, flowsRoot: string): { flowName: string; flowsRoot: string } {
  if (!flow.includes("/") && flow !== "." && flow !== "..")
    return { flowName: flow, flowsRoot: resolve(flowsRoot) };
  const path = resolve(flow);
  return { flowName: basename(path), flowsRoot: dirname(path) };
}

function temporaryFolder(closers: Closers): string {
  const folder = mkdtempSync(join(tmpdir(), "maxq-run-"));
  closers.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The database is always an embedded one, in the data directory; only scripts may ask. */
function start({ environment, flags }: Invocation, settings: Settings): Promise<Engine> {
  return startEngine({
    settings,
    environment,
    database: { reason: "sqlite", file: join(resolve(settings.dataDir), "maxq.db") },
    mode: { mode: "tokens" },
    role: "run",
    logger: createLogger(flags.logLevel === undefined ? "error" : settings.logLevel, process.stderr),
  });
}

async function createRun({ store, flows }: Engine, flowName: string, flowsRoot: string, input: Run["input"]) {
  const problem = await flows.checkFlow(flowName);
  if (problem !== null) {
    const names = (await flows.list()).map(({ name }) => name);
    const there =
      names.length === 0
        ? `There are none in ${flowsRoot}; --flows names another flows root.`
        : `There are: ${names.join(", ")}.`;
    return { reason: "refused", problem: { ...problem, message: `${problem.message} ${there}` } } as const;
  }
  return store.createRun({
    flowName,
    flowTitle: (await flows.describe(flowName))?.title ?? null,
    input,
    metadata: {},
    priority: 0,
    timeoutMs: null,
    name: null,
    description: null,
    parentRunId: null,
    idempotency: null,
  });
}

async function watch(
  invocation: Invocation,
  request: RunRequest,
  engine: Engine,
  created: Run,
  signals: StopSignals,
): Promise<number> {
  const { store, worker } = engine;
  const progress = new Progress(created.flowName, created.createdAt);
  const view = makeView(invocation, progress);
  signals.onSignal((count) => {
    if (count === 1)
      view.note("Aborting: everything that runs is ended. Press Ctrl-C again to kill it at once.");
    void (count === 1 ? store.abortRun(created.id) : engine.stop({ drainMs: 0, graceMs: 0 }));
  });
  view.start();
  const over = await new Follower(store, worker.live, created.id, progress, view)
    .untilOver()
    .finally(() => view.stop());
  const took = duration((over.completedAt ?? Date.now()) - over.createdAt);
  if (over.status === "completed") invocation.err(`✔ ${over.flowName} completed in ${took}`);
  else for (const line of await failureReport(store, over)) invocation.err(line);
  if (request.showOutput) process.stdout.write(await lastOutput(store, over));
  if (signals.count > 0) return exitCode.interrupted;
  return over.status === "completed" ? exitCode.success : exitCode.failure;
}

function makeView({ err, environment }: Invocation, progress: Progress): View {
  const plain = !process.stderr.isTTY || environment.TERM === "dumb" || environment.CI !== undefined;
  if (plain) return new PlainView(err, progress);
  const noColours = environment.NO_COLOR !== undefined && environment.NO_COLOR !== "";
  return new LiveView(process.stderr, progress, !noColours);
}
