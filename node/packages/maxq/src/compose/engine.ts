import { resolve } from "node:path";
import type { Store } from "@maxq/db";
import { createScriptRunner, FlowDirectory, parseOutputFields } from "@maxq/executor";
import {
  createAccess,
  createApp,
  isLoopbackAddress,
  listen,
  type AccessMode,
  type IssueAccess,
  type Listening,
} from "@maxq/http";
import {
  createWorker,
  ownIdentity,
  type ProcessIdentity,
  type StopOptions,
  type Worker,
} from "@maxq/scheduler";
import type { ScriptRunner } from "@maxq/core";
import type { Logger } from "pino";
import { version } from "../command/version.js";
import type { Environment } from "../settings/read.js";
import type { Settings } from "../settings/settings.js";
import { Closers } from "./closers.js";
import { connectsByVariables, type Database } from "./database.js";
import { Door } from "./door.js";
import { limitsOf } from "./limits.js";
import { executorLogger } from "./logger.js";
import { openMigratedStore } from "./open-store.js";
import { clearRemains, succeedInPlace } from "./succeed.js";
import { takeWorkerPlace, type WorkerPlace } from "./worker-place.js";

/** What an engine is made of. */
export interface EngineOptions {
  readonly settings: Settings;
  /** The server's own, for scripts to inherit from. */
  readonly environment: Environment;
  readonly database: Database;
  readonly mode: AccessMode;
  /** `run`: nobody else ever works on its database, so its scripts need not end with its lease: Ctrl-Z may take long. */
  readonly role: string;
  readonly logger: Logger;
}

/** A process that answers HTTP, claims and executes. */
export interface Engine {
  /** `http://127.0.0.1:3000`, without the API's base path. */
  readonly url: string;
  readonly store: Store;
  readonly worker: Worker;
  readonly runner: ScriptRunner;
  readonly flows: FlowDirectory;
  /** Drains and closes everything. Called again, it can only be hurried. */
  stop(options: StopOptions): Promise<void>;
}

/**
 * Puts everything together and starts it, in this order: listen (a port that is taken is found before anything else is touched), bring the schema up to date,
 * take a place on this host and end what a dead predecessor left, start the launcher, answer requests, claim. What was opened is closed again if a later part fails.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const closers = new Closers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers
      .close()
      .catch((failure: unknown) => options.logger.error({ err: failure }, "Closing failed"));
    throw error;
  }
}

async function start(options: EngineOptions, closers: Closers): Promise<Engine> {
  const { settings, database, logger } = options;
  const door = new Door(logger);
  const listening = await listen(door, { host: settings.host, port: settings.port });
  closers.add(() => listening.close());
  const store = await openMigratedStore(database, logger);
  closers.add(() => store.close());
  const place = await takeWorkerPlace(resolve(settings.dataDir));
  closers.add(() => place.release());
  const identity = ownIdentity();
  closers.add(await succeedInPlace(place, identity, logger));
  const runner = await startRunner(options, store, place, identity);
  closers.add(() => runner.close());

  const flows = new FlowDirectory(resolve(settings.flowsRoot));
  const scripts = await scriptListener(options, store, flows, listening, closers);
  const worker = makeWorker(options, {
    store,
    runner,
    flows,
    place,
    identity,
    issueAccess: scripts.issueAccess,
  });
  const access = await createAccess({ store, mode: options.mode });
  door.open(createApp({ ...appOptions(options, store, flows), access, liveOutput: worker.live }));
  await worker.start();
  let stopping: Promise<void> | null = null;
  return {
    url: listening.url,
    store,
    worker,
    runner,
    flows,
    stop: (how) => {
      const drained = worker.stop(how);
      // Requests are answered until the last script has ended: scripts make them.
      stopping ??= drained.then(() => listening.close()).then(() => closers.close());
      return stopping;
    },
  };
}

function startRunner(
  options: EngineOptions,
  store: Store,
  place: WorkerPlace,
  owner: ProcessIdentity,
): Promise<ScriptRunner> {
  const { settings, environment, database, logger } = options;
  return createScriptRunner({
    flowsRoot: resolve(settings.flowsRoot),
    workDir: place.directory,
    owner,
    baseEnv: environment,
    hideEnv: settings.hideEnv,
    hidePgEnv: connectsByVariables(database),
    maxLogCapture: settings.maxLogCapture,
    maxFlowOutput: settings.bodyBytes,
    maxOutputFile: settings.bodyBytes,
    timeoutGraceMs: settings.abortGraceMs,
    loadInput: async (runId) => (await store.runInput(runId)) ?? "null",
    launcher: settings.launcher,
    logger: executorLogger(logger),
  });
}

/** Scripts use the server's own listener where it is on loopback; else one of their own, which takes tokens only. */
async function scriptListener(
  options: EngineOptions,
  store: Store,
  flows: FlowDirectory,
  listening: Listening,
  closers: Closers,
): Promise<{ readonly issueAccess: IssueAccess }> {
  const access = await createAccess({ store, mode: { mode: "tokens" } });
  if (isLoopbackAddress(new URL(listening.url).hostname))
    return { issueAccess: access.issuer(listening.url) };
  const app = createApp({ ...appOptions(options, store, flows), access, liveOutput: null });
  const own = await listen(app, { host: "127.0.0.1", port: 0 });
  closers.add(() => own.close());
  return { issueAccess: access.issuer(own.url) };
}

function appOptions({ settings, logger }: EngineOptions, store: Store, flows: FlowDirectory) {
  return { store, flows, limits: limitsOf(settings), logger, abortGraceMs: settings.abortGraceMs, version };
}

interface WorkerParts {
  readonly store: Store;
  readonly runner: ScriptRunner;
  readonly flows: FlowDirectory;
  readonly place: WorkerPlace;
  readonly identity: ProcessIdentity;
  readonly issueAccess: IssueAccess;
}

function makeWorker({ settings, role, logger }: EngineOptions, parts: WorkerParts): Worker {
  const { store, runner, flows, place, identity, issueAccess } = parts;
  return createWorker({
    identity: { ...identity, id: place.id, role, version },
    ports: { store, runner, flows, logger, issueAccess, readFields: parseOutputFields },
    settings: {
      slots: {
        steps: settings.maxConcurrentSteps,
        calls: settings.maxConcurrentCalls,
        batch: settings.schedulerBatchSize,
      },
      leaseMs: settings.leaseMs,
      pollMs: settings.schedulerIntervalMs,
      graceMs: settings.abortGraceMs,
      logCapBytes: settings.maxLogCapture,
      limits: limitsOf(settings),
    },
    hooks: {
      clearRemains: (dead) => clearRemains(dead, logger),
      ...(role === "run" ? {} : { onLeaseRenewed: ({ mayRunMs }) => runner.setDeadline(mayRunMs) }),
    },
  });
}
