import { resolve } from "node:path";
import type { ScriptRunner } from "@maxq/core";
import type { Store } from "@maxq/db";
import { FlowDirectory } from "@maxq/executor";
import { createAccess, createApp, listen } from "@maxq/http";
import type { StopOptions, Worker } from "@maxq/scheduler";
import { crashingStore } from "../crash/crash.js";
import { openAll } from "./closers.js";
import { Door } from "./door.js";
import { openMetricsListener } from "./metrics-listener.js";
import { openMigratedStore } from "./open-store.js";
import { appOptions, requestGraceMs, type EngineOptions } from "./options.js";
import { openWork } from "./work.js";

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
 * take a place on this host, go on with what a dead predecessor left there or start a launcher, answer requests, claim. What was opened is closed again if a later part fails.
 */
export function startEngine(options: EngineOptions): Promise<Engine> {
  const { settings, database, logger, metrics } = options;
  return openAll(logger, async (closers) => {
    const door = new Door(logger);
    const listening = await listen(door, { host: settings.host, port: settings.port });
    closers.add(() => listening.close());
    const opened = crashingStore(await openMigratedStore(database, logger), settings.crashAt);
    closers.add(() => opened.close());
    const store = metrics.store(opened);
    const flows = new FlowDirectory(resolve(settings.flowsRoot));
    const work = await openWork(options, { store, flows, serverUrl: listening.url }, closers);
    const { runner, worker } = work;
    const access = await createAccess({
      ...{ store, mode: options.mode },
      connectionOwner: (of, to) => runner.connectionOwner(of, to),
    });
    const shared = appOptions({ ...options, logger: work.logger }, store, flows);
    const app = { ...shared, access, liveOutput: worker.live, metrics };
    await openMetricsListener(options, { store, flows }, closers);
    door.open(createApp(app));
    await worker.start();
    let stopping: Promise<void> | null = null;
    const stop = (how: StopOptions): Promise<void> => {
      // Requests are answered until the last script has ended: scripts make them.
      const closed = worker.stop(how).then(() => listening.close(requestGraceMs(how)));
      const stopped = (stopping ??= closed.then(() => closers.close()));
      return closed.then(() => stopped);
    };
    return { url: listening.url, store, worker, runner, flows, stop };
  });
}
