import { resolve } from "node:path";
import type { Logger } from "pino";
import type { Invocation } from "../command/invocation.js";
import { version } from "../command/version.js";
import { databaseOf, describeDatabase, mustBeShared } from "../compose/database.js";
import { startWorkerAlone } from "../compose/worker.js";
import { Metrics } from "../metrics/metrics.js";
import { retentionLine, retentionOf } from "../compose/retention.js";
import type { Settings } from "../settings/settings.js";
import { untilStopped, type RunningRole } from "./service.js";

/** `maxq worker`: works until a stop signal, then drains. */
export function work(invocation: Invocation): Promise<number> {
  return untilStopped(invocation, (settings, logger) => start(invocation, settings, logger));
}

async function start({ environment }: Invocation, settings: Settings, logger: Logger): Promise<RunningRole> {
  const database = databaseOf(settings);
  mustBeShared(database, "A worker without a server");
  const mode = { mode: "tokens" } as const;
  const role = "worker";
  const metrics = new Metrics({ version, role, database: database.reason });
  const alone = await startWorkerAlone({ settings, environment, database, mode, role, logger, metrics });
  const facts = {
    version,
    flowsRoot: resolve(settings.flowsRoot),
    database: describeDatabase(database),
    slots: settings.maxConcurrentSteps,
    launcher: alone.runner.launcher,
    containment: alone.runner.containment,
  };
  logger.info(retentionLine(retentionOf(settings)));
  logger.info(
    facts,
    `MaxQ ${version} works with ${facts.slots} slots: flows in ${facts.flowsRoot}, ${facts.database}, ${facts.launcher} launcher, containment: ${facts.containment}`,
  );
  return alone;
}
