import { resolve } from "node:path";
import type { ScriptRunner } from "@maxq/core";
import { FlowDirectory } from "@maxq/executor";
import type { StopOptions, Worker } from "@maxq/scheduler";
import { crashingStore } from "../crash/crash.js";
import { openAll } from "./closers.js";
import { openMetricsListener } from "./metrics-listener.js";
import { openWorkersStore } from "./open-store.js";
import type { EngineOptions } from "./options.js";
import { openWork } from "./work.js";

/** A process that claims and executes, and answers nobody but its own scripts. */
export interface WorkerAlone {
  readonly worker: Worker;
  readonly runner: ScriptRunner;
  /** Drains and closes everything. Called again, it can only be hurried. */
  stop(options: StopOptions): Promise<void>;
}

/** Opens the database, whose schema must be this program's, takes a place on this host, listens on loopback for its scripts, goes on with a dead predecessor's launcher or starts one, claims. */
export function startWorkerAlone(options: EngineOptions): Promise<WorkerAlone> {
  const { settings, database, logger, metrics } = options;
  return openAll(logger, async (closers) => {
    const opened = crashingStore(await openWorkersStore(database, logger), settings.crashAt);
    closers.add(() => opened.close());
    const store = metrics.store(opened);
    const flows = new FlowDirectory(resolve(settings.flowsRoot));
    const { runner, worker } = await openWork(options, { store, flows, serverUrl: null }, closers);
    await openMetricsListener(options, { store, flows }, closers);
    await worker.start();
    let stopping: Promise<void> | null = null;
    const stop = (how: StopOptions): Promise<void> => {
      const drained = worker.stop(how);
      stopping ??= drained.then(() => closers.close());
      return stopping;
    };
    return { worker, runner, stop };
  });
}
