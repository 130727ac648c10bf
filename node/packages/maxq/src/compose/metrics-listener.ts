import type { Store } from "@maxq/db";
import type { FlowDirectory } from "@maxq/executor";
import { createAccess, createApp, listen, resolveAccessMode, watchRoutes } from "@maxq/http";
import type { Closers } from "./closers.js";
import { appOptions, type EngineOptions } from "./options.js";

/** Listens where MAXQ_METRICS_PORT says, for metrics and health alone, by the same rules of access as a server at that address; does nothing without it. */
export async function openMetricsListener(
  options: EngineOptions,
  { store, flows }: { readonly store: Store; readonly flows: FlowDirectory },
  closers: Closers,
): Promise<void> {
  const { settings, logger, metrics } = options;
  const { metricsPort: port, metricsHost: host, apiKey, auth } = settings;
  if (port === null || options.role === "run") return;
  const access = await createAccess({
    store,
    mode: resolveAccessMode({ host, apiKey, authNone: auth === "none" }),
  });
  const app = createApp({
    ...appOptions(options, store, flows),
    access,
    liveOutput: null,
    metrics,
    routes: watchRoutes,
  });
  const listening = await listen(
    app,
    { host, port },
    { port: "MAXQ_METRICS_PORT", host: "MAXQ_METRICS_HOST" },
  );
  closers.add(() => listening.close());
  logger.info({ url: listening.url }, `Metrics are at ${listening.url}/metrics`);
}
