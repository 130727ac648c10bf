import { resolve } from "node:path";
import { FlowDirectory } from "@maxq/executor";
import { createAccess, createApp, listen } from "@maxq/http";
import { createLeaseWatch, type StopOptions } from "@maxq/scheduler";
import { clearRemains } from "./clear-remains.js";
import { openAll } from "./closers.js";
import { Door } from "./door.js";
import { openMetricsListener } from "./metrics-listener.js";
import { openMigratedStore } from "./open-store.js";
import { appOptions, requestGraceMs, type EngineOptions } from "./options.js";

/** A process that answers HTTP and leaves the work to others. */
export interface ServerAlone {
  readonly url: string;
  /** Ends requests under way and closes everything. Called again, it can only be hurried. */
  stop(options: StopOptions): Promise<void>;
}

/** Listens, brings the schema up to date, answers requests, watches the workers' leases. Starts no launcher and takes no place on the host. */
export function startServerAlone(options: EngineOptions): Promise<ServerAlone> {
  const { settings, database, logger, metrics } = options;
  return openAll(logger, async (closers) => {
    const door = new Door(logger);
    const listening = await listen(door, { host: settings.host, port: settings.port });
    closers.add(() => listening.close());
    const opened = await openMigratedStore(database, logger);
    closers.add(() => opened.close());
    const store = metrics.store(opened);
    const flows = new FlowDirectory(resolve(settings.flowsRoot));
    const access = await createAccess({ store, mode: options.mode });
    await openMetricsListener(options, { store, flows }, closers);
    door.open(createApp({ ...appOptions(options, store, flows), access, liveOutput: null, metrics }));
    const watch = createLeaseWatch({
      ...{ store, logger, leaseMs: settings.leaseMs, instruments: metrics.worker },
      clearRemains: (dead) => clearRemains(dead, logger),
    });
    // A look that the database does not answer is not waited for.
    closers.add(() => void watch.stop());
    watch.start();
    let stopping: Promise<void> | null = null;
    const stop = (how: StopOptions): Promise<void> => {
      const closed = listening.close(requestGraceMs(how));
      stopping ??= closed.then(() => closers.close());
      return stopping;
    };
    return { url: listening.url, stop };
  });
}
