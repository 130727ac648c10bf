import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createClient, valueOf, type Client } from "@maxq/client";
import type { Run, TriggerBody } from "@maxq/core";
import { randomKey } from "@maxq/http";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { version } from "../command/version.js";
import { Closers } from "../compose/closers.js";
import { startEngine, type Engine } from "../compose/engine.js";
import { createLogger } from "../compose/logger.js";
import { complain } from "../connect/with-server.js";
import { Metrics } from "../metrics/metrics.js";
import { StopSignals } from "../serve/signals.js";
import type { Settings } from "../settings/settings.js";
import { lastOutput } from "../watch/report.js";
import { reportEnd, watch } from "../watch/watch.js";
import { locateFlow } from "./locate.js";
import type { RunRequest } from "./request.js";

/** Runs one flow to its end in this process, which is a server of its own for so long. */
export async function runHere(
  invocation: Invocation,
  given: Settings,
  request: RunRequest,
  body: TriggerBody,
): Promise<number> {
  const signals = new StopSignals(invocation.environment);
  const closers = new Closers();
  try {
    const { flowName, flowsRoot } = locateFlow(request.flow, given.flowsRoot);
    const dataDir = invocation.flags.dataDir ?? temporaryFolder(closers);
    const settings: Settings = { ...given, flowsRoot, dataDir, port: 0, host: "127.0.0.1" };
    const apiKey = randomKey();
    const engine = await start(invocation, settings, apiKey);
    closers.add(() => engine.stop({ drainMs: 0, graceMs: settings.abortGraceMs }));
    const unusable = await whyUnusable(engine, flowName, flowsRoot);
    if (unusable !== null) {
      invocation.err(`maxq: ${unusable}`);
      return exitCode.usage;
    }
    const client = createClient({ baseUrl: engine.url, apiKey });
    const run = valueOf(await client.runs.create(flowName, body));
    return await toItsEnd(invocation, request, { engine, client, run, signals });
  } finally {
    await closers.close();
  }
}

function temporaryFolder(closers: Closers): string {
  const folder = mkdtempSync(join(tmpdir(), "maxq-run-"));
  closers.add(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The database is always an embedded one, in the data directory; only this process and scripts may ask. */
function start({ environment, flags }: Invocation, settings: Settings, apiKey: string): Promise<Engine> {
  return startEngine({
    settings,
    environment,
    database: { reason: "sqlite", file: join(resolve(settings.dataDir), "maxq.db") },
    mode: { mode: "key", apiKey },
    role: "run",
    metrics: new Metrics({ version, role: "run", database: "sqlite" }),
    logger: createLogger(flags.logLevel === undefined ? "error" : settings.logLevel, process.stderr),
  });
}

async function whyUnusable({ flows }: Engine, flowName: string, flowsRoot: string): Promise<string | null> {
  const problem = await flows.checkFlow(flowName);
  if (problem === null) {
    // One that lacks its bit is there: the run says so.
    const script = flows.flowScript(flowName);
    return script.reason === "not_found" ? script.message : null;
  }
  if (problem.code === "UNAVAILABLE") return problem.message;
  const names = (await flows.list()).map(({ name }) => name);
  const there =
    names.length === 0
      ? `There are none in ${flowsRoot}; --flows names another flows root, --server a server.`
      : `There are: ${names.join(", ")}.`;
  return `${problem.message} ${there}`;
}

interface Watched {
  readonly engine: Engine;
  readonly client: Client;
  readonly run: Run;
  readonly signals: StopSignals;
}

async function toItsEnd(
  invocation: Invocation,
  request: RunRequest,
  { engine, client, run, signals }: Watched,
): Promise<number> {
  const gone = new AbortController();
  const over = await watch(invocation, client, run, gone.signal, (view) =>
    signals.onSignal((count) => {
      if (count === 1) {
        view.note("Aborting: everything that runs is ended. Press Ctrl-C again to kill it at once.");
        void client.runs.abort(run.id);
      } else void engine.stop({ drainMs: 0, graceMs: 0 }).finally(() => gone.abort());
    }),
  );
  if (over.reason !== "over")
    return over.reason === "left" ? exitCode.interrupted : complain(invocation, over);
  const code = await reportEnd(invocation, client, over.run);
  if (invocation.json) invocation.out(JSON.stringify(over.run));
  else if (request.showOutput === true) invocation.terminal.stdout.write(await lastOutput(client, over.run));
  return signals.count > 0 ? exitCode.interrupted : code;
}
