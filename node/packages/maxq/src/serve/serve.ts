import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { resolveAccessMode } from "@maxq/http";
import type { Logger } from "pino";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { version } from "../command/version.js";
import { databaseOf, describeDatabase } from "../compose/database.js";
import { startEngine, type Engine } from "../compose/engine.js";
import { createLogger } from "../compose/logger.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import type { Settings } from "../settings/settings.js";
import { StopSignals } from "./signals.js";
import { startLine } from "./start-line.js";

/** From SIGTERM to SIGKILL for what still runs when the drain time is over: with it, a stop stays under Docker's ten seconds. */
const drainGraceMs = 1_000;

/** `maxq`: serves until a stop signal, then drains. */
export async function serve(invocation: Invocation): Promise<number> {
  const warnings: string[] = [];
  const settings = settingsOrComplain(invocation, (warning) => warnings.push(warning));
  if (settings === null) return exitCode.usage;
  const logger = createLogger(settings.logLevel);
  for (const warning of warnings) logger.warn(warning);
  dieLoudly(logger);
  const signals = new StopSignals();
  try {
    const engine = await start(invocation, settings, logger);
    await stopped(engine, settings, signals, logger);
  } catch (error) {
    // A port that is taken, a database that is in use or away: the message says all that helps.
    logger.debug({ err: error }, "MaxQ cannot go on");
    invocation.err(`maxq: ${error instanceof Error ? error.message : String(error)}`);
    return exitCode.failure;
  }
  logger.info("MaxQ has stopped");
  return exitCode.success;
}

async function start({ environment }: Invocation, settings: Settings, logger: Logger): Promise<Engine> {
  const { host, apiKey, auth } = settings;
  const mode = resolveAccessMode({ host, apiKey, authNone: auth === "none" });
  const database = databaseOf(settings);
  const flowsRoot = resolve(settings.flowsRoot);
  if (!existsSync(flowsRoot)) {
    logger.warn(
      { flowsRoot },
      `There is no flows root ${flowsRoot}. Create it, or name another one (--flows, MAXQ_FLOWS_ROOT).`,
    );
  }
  const engine = await startEngine({ settings, environment, database, mode, role: "server", logger });
  const facts = {
    version,
    url: engine.url,
    flowsRoot,
    database: describeDatabase(database),
    launcher: engine.runner.launcher,
    access: mode.mode,
  };
  logger.info(facts, startLine(facts));
  return engine;
}

/** Resolves when a stop signal has come and the engine has drained; a second signal ends what runs at once. */
function stopped(engine: Engine, settings: Settings, signals: StopSignals, logger: Logger): Promise<void> {
  return new Promise((resolve, reject) => {
    signals.onSignal((count) => {
      const drainMs = count === 1 ? settings.drainMs : 0;
      const graceMs = count === 1 ? Math.min(drainGraceMs, settings.abortGraceMs) : 0;
      const { runningSteps, runningCalls } = engine.worker.status();
      const what = `Stopping: ${runningSteps + runningCalls} scripts run`;
      const how =
        count === 1 ? `they have ${drainMs} ms; a second signal ends them at once` : "they are ended at once";
      logger.info({ runningSteps, runningCalls }, `${what}; ${how}`);
      engine.stop({ drainMs, graceMs }).then(resolve, reject);
    });
  });
}

/** A fault that nobody caught leaves nothing to rely on: say it and end. The launcher ends what runs. */
function dieLoudly(logger: Logger): void {
  const die = (error: unknown): void => {
    logger.fatal(
      { err: error },
      "A fault in MaxQ that nothing caught: it ends now, and its next start continues the runs",
    );
    process.exit(exitCode.failure);
  };
  process.on("uncaughtException", die);
  process.on("unhandledRejection", die);
}
