import type { Store } from "@maxq/db";
import type { FlowDirectory } from "@maxq/executor";
import { createAccess, createApp, listen, resolveAccessMode, watchRoutes } from "@maxq/http";
import type { Settings } from "../settings/settings.js";
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
  if (options.role === "server" && isServersPort(settings)) throw new Error(serversPort(port));
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

/** Whether a server would find the port of its metrics taken by itself. */
export function isServersPort({ host, port, metricsHost, metricsPort }: Settings): boolean {
  return metricsPort === port && port !== 0 && (metricsHost === host || [host, metricsHost].some(isWildcard));
}

/** What is wrong then, and what to do. */
function serversPort(port: number): string {
  return `Port ${port} of MAXQ_METRICS_PORT is the server's own, which answers /metrics, too. Leave MAXQ_METRICS_PORT out, or choose another port.`;
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}
