import { resolve } from "node:path";
import type { IssueAccess, ScriptRunner } from "@maxq/core";
import type { Store } from "@maxq/db";
import { createScriptRunner, outlivesItsEngine, parseOutputFields, type FlowDirectory } from "@maxq/executor";
import { createWorker, type Slots, type Worker } from "@maxq/scheduler";
import type { Logger } from "pino";
import { version } from "../command/version.js";
import { crashingRunner } from "../crash/crash.js";
import type { Settings } from "../settings/settings.js";
import { clearRemains } from "./clear-remains.js";
import type { Closers } from "./closers.js";
import { connectsByVariables } from "./database.js";
import { inputLoader } from "./input.js";
import { limitsOf } from "./limits.js";
import { executorLogger } from "./logger.js";
import type { EngineOptions } from "./options.js";
import { retentionOf } from "./retention.js";
import { openScriptListener } from "./script-listener.js";
import { Succession } from "./succession.js";
import { explainFailure, takeWorkerPlace, type WorkerPlace } from "./worker-place.js";

/** What of a process claims and executes. */
export interface Work {
  readonly runner: ScriptRunner;
  /** Not started yet. */
  readonly worker: Worker;
  /** Names the worker in every line. */
  readonly logger: Logger;
}

/** What work is done with. */
export interface WorkParts {
  readonly store: Store;
  readonly flows: FlowDirectory;
  /** Of the server in this process; null: there is none. */
  readonly serverUrl: string | null;
}

/** Takes a place on this host, listens for scripts, and goes on with the launcher that a dead predecessor left there; or ends what it left, and starts a launcher. */
export async function openWork(process: EngineOptions, parts: WorkParts, closers: Closers): Promise<Work> {
  const { settings } = process;
  const { store, flows, serverUrl } = parts;
  const { place, succession } = await takePlace(resolve(settings.dataDir), closers);
  const logger = process.logger.child({ worker: place.id });
  const options = { ...process, logger };
  const listener = await openScriptListener(options, store, flows, serverUrl, succession, closers);
  const closing = new AbortController();
  const loadInput = inputLoader(store, closing.signal);
  const runner = crashingRunner(await startRunner(options, loadInput, place, succession), settings.crashAt);
  closers.add(() => runner.close());
  closers.add(() => closing.abort());
  if (runner.inheritance !== null) await listener.alsoForPredecessors();
  const { issueAccess } = listener;
  const worker = makeWorker(options, { store, flows, issueAccess, runner, place, succession });
  options.metrics.works(worker, slotsOf(settings));
  return { runner, worker, logger };
}

async function takePlace(dataDir: string, closers: Closers) {
  try {
    const place = await takeWorkerPlace(dataDir);
    closers.add(() => place.release());
    const succession = new Succession(place);
    closers.add(() => succession.leave());
    return { place, succession };
  } catch (error) {
    throw explainFailure(dataDir, error);
  }
}

function startRunner(
  options: EngineOptions,
  loadInput: (runId: string) => Promise<string>,
  place: WorkerPlace,
  { mark, predecessors }: Succession,
): Promise<ScriptRunner> {
  const { settings, environment, database, role, logger, metrics } = options;
  return createScriptRunner({
    flowsRoot: resolve(settings.flowsRoot),
    workDir: place.directory,
    mark: mark === "" ? null : mark,
    outlives: role !== "run" && settings.adopt === "on" && mark !== "",
    predecessors: predecessors.map((predecessor) => predecessor.mark),
    baseEnv: environment,
    hideEnv: settings.hideEnv,
    hidePgEnv: connectsByVariables(database),
    maxLogCapture: settings.maxLogCapture,
    maxFlowOutput: settings.bodyBytes,
    maxOutputFile: settings.bodyBytes,
    timeoutGraceMs: settings.abortGraceMs,
    loadInput,
    launcher: settings.launcher,
    logger: executorLogger(logger),
    onLauncherRestart: metrics.launcherRestarted,
  });
}

interface WorkerParts extends Omit<WorkParts, "serverUrl"> {
  readonly issueAccess: IssueAccess;
  readonly runner: ScriptRunner;
  readonly place: WorkerPlace;
  readonly succession: Succession;
}

function makeWorker({ settings, role, logger, metrics }: EngineOptions, parts: WorkerParts): Worker {
  const { store, runner, flows, place, succession, issueAccess } = parts;
  const limits = limitsOf(settings);
  return createWorker({
    identity: { ...succession.identity, id: place.id, role, version },
    ports: {
      ...{ store, runner, flows, logger, issueAccess },
      readFields: (text) => parseOutputFields(text, limits),
      instruments: metrics.worker,
    },
    settings: {
      slots: slotsOf(settings),
      leaseMs: settings.leaseMs,
      pollMs: settings.schedulerIntervalMs,
      graceMs: settings.abortGraceMs,
      logCapBytes: settings.maxLogCapture,
      limits,
      retention: role === "run" ? null : retentionOf(settings),
    },
    predecessors: succession.predecessors,
    hooks: {
      onJoined: () => succession.joined(runner.mark),
      isAdoptable: ({ mark }) => outlivesItsEngine(mark),
      clearRemains: (dead) => clearRemains(dead, logger),
      ...(role === "run" ? {} : { onLeaseRenewed: ({ mayRunMs }) => runner.setDeadline(mayRunMs) }),
    },
  });
}

function slotsOf({ maxConcurrentSteps, maxConcurrentCalls, schedulerBatchSize }: Settings): Slots {
  return {
    steps: maxConcurrentSteps,
    calls: maxConcurrentCalls,
    batch: schedulerBatchSize ?? Number.MAX_SAFE_INTEGER,
  };
}
