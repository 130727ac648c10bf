import { resolve } from "node:path";
import type { ScriptRunner } from "@maxq/core";
import type { Store } from "@maxq/db";
import { createScriptRunner, parseOutputFields, type FlowDirectory } from "@maxq/executor";
import type { IssueAccess } from "@maxq/http";
import { createWorker, ownIdentity, type ProcessIdentity, type Worker } from "@maxq/scheduler";
import { version } from "../command/version.js";
import { crashingRunner } from "../crash/crash.js";
import type { Closers } from "./closers.js";
import { connectsByVariables } from "./database.js";
import { inputLoader } from "./input.js";
import { limitsOf } from "./limits.js";
import { executorLogger } from "./logger.js";
import type { EngineOptions } from "./options.js";
import { clearRemains, succeedInPlace } from "./succeed.js";
import { takeWorkerPlace, type WorkerPlace } from "./worker-place.js";

/** What of a process claims and executes. */
export interface Work {
  readonly runner: ScriptRunner;
  /** Not started yet. */
  readonly worker: Worker;
}

/** What work is done with. */
export interface WorkParts {
  readonly store: Store;
  readonly flows: FlowDirectory;
  readonly issueAccess: IssueAccess;
}

/** Takes a place on this host, ends what a dead predecessor left there, and starts the launcher. */
export async function openWork(options: EngineOptions, parts: WorkParts, closers: Closers): Promise<Work> {
  const { settings, logger } = options;
  const place = await takeWorkerPlace(resolve(settings.dataDir));
  closers.add(() => place.release());
  const identity = ownIdentity();
  closers.add(await succeedInPlace(place, identity, logger));
  const closing = new AbortController();
  const loadInput = inputLoader(parts.store, closing.signal);
  const runner = crashingRunner(await startRunner(options, loadInput, place, identity), settings.crashAt);
  closers.add(() => runner.close());
  closers.add(() => closing.abort());
  return { runner, worker: makeWorker(options, { ...parts, runner, place, identity }) };
}

function startRunner(
  options: EngineOptions,
  loadInput: (runId: string) => Promise<string>,
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
    loadInput,
    launcher: settings.launcher,
    logger: executorLogger(logger),
  });
}

interface WorkerParts extends WorkParts {
  readonly runner: ScriptRunner;
  readonly place: WorkerPlace;
  readonly identity: ProcessIdentity;
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
