import type { ScriptRunner } from "@maxq/core";
import { resolve } from "node:path";
import { resolveAccessMode } from "@maxq/http";
import type { Logger } from "pino";
import type { Invocation, ServeRequest } from "../command/invocation.js";
import { version } from "../command/version.js";
import { databaseOf, describeDatabase, mustBeShared } from "../compose/database.js";
import { startEngine } from "../compose/engine.js";
import type { EngineOptions } from "../compose/options.js";
import { startServerAlone } from "../compose/server.js";
import { Metrics } from "../metrics/metrics.js";
import { retentionLine, retentionOf } from "../compose/retention.js";
import type { Settings } from "../settings/settings.js";
import { untilStopped, type RunningRole } from "./service.js";
import { startLine } from "./start-line.js";

/** `maxq`: serves until a stop signal, then drains. */
export function serve(invocation: Invocation, request: ServeRequest): Promise<number> {
  return untilStopped(invocation, (settings, logger) => start(invocation, request, settings, logger));
}

async function start(
  { environment }: Invocation,
  { worker }: ServeRequest,
  settings: Settings,
  logger: Logger,
): Promise<RunningRole> {
  const { host, apiKey, auth } = settings;
  const mode = resolveAccessMode({ host, apiKey, authNone: auth === "none" });
  const database = databaseOf(settings);
  if (!worker) mustBeShared(database, "A server without a worker");
  const role = "server";
  const metrics = new Metrics({ version, role, database: database.reason });
  const options: EngineOptions = { settings, environment, database, mode, role, logger, metrics };
  const ready = (url: string, runner: ScriptRunner | null): void => {
    const facts = {
      version,
      url,
      flowsRoot: resolve(settings.flowsRoot),
      database: describeDatabase(database),
      launcher: runner?.launcher ?? null,
      containment: runner?.containment ?? null,
      access: mode.mode,
    };
    logger.info(retentionLine(retentionOf(settings)));
    logger.info(facts, startLine(facts));
  };
  if (worker) {
    const engine = await startEngine(options);
    ready(engine.url, engine.runner);
    return engine;
  }
  const server = await startServerAlone(options);
  ready(server.url, null);
  return { worker: null, stop: (how) => server.stop(how) };
}
