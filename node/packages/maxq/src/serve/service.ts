import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { messageOf } from "@maxq/core";
import type { StopOptions, WorkerStatus } from "@maxq/scheduler";
import type { Logger } from "pino";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { createLogger } from "../compose/logger.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import type { Settings } from "../settings/settings.js";
import { StopSignals } from "./signals.js";

/** From SIGTERM to SIGKILL for what still runs when the drain time is over: with it, a stop stays under Docker's ten seconds. */
const drainGraceMs = 1_000;

/** What runs until a stop signal. */
export interface RunningRole {
  /** Null: it runs no scripts. */
  readonly worker: { status(): WorkerStatus } | null;
  stop(options: StopOptions): Promise<void>;
}

/** Starts a service and drains it on a stop signal. Answers the exit code. */
export async function untilStopped(
  invocation: Invocation,
  start: (settings: Settings, logger: Logger) => Promise<RunningRole>,
): Promise<number> {
  const warnings: string[] = [];
  const settings = settingsOrComplain(invocation, (warning) => warnings.push(warning));
  if (settings === null) return exitCode.usage;
  const logger = createLogger(settings.logLevel);
  for (const warning of warnings) logger.warn(warning);
  dieLoudly(logger);
  const signals = new StopSignals(invocation.environment);
  try {
    warnWithoutFlows(settings, logger);
    await stopped(await start(settings, logger), settings, signals, logger);
  } catch (error) {
    // A port that is taken, a database that is in use or away: the message says all that helps.
    logger.debug({ err: error }, "MaxQ cannot go on");
    invocation.err(`maxq: ${messageOf(error)}`);
    return exitCode.failure;
  }
  logger.info("MaxQ has stopped");
  return exitCode.success;
}

function warnWithoutFlows(settings: Settings, logger: Logger): void {
  const flowsRoot = resolve(settings.flowsRoot);
  const isThere = existsSync(flowsRoot);
  if (isThere && statSync(flowsRoot).isDirectory()) return;
  const what = isThere
    ? `The flows root ${flowsRoot} is no directory. Make it one`
    : `There is no flows root ${flowsRoot}. Create it`;
  logger.warn({ flowsRoot }, `${what}, or name another one (--flows, MAXQ_FLOWS_ROOT).`);
}

/** Resolves when a stop signal has come and the service has drained; a second signal ends what runs at once. */
function stopped(
  service: RunningRole,
  settings: Settings,
  signals: StopSignals,
  logger: Logger,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signals.onSignal((count) => {
      const drainMs = count === 1 ? settings.drainMs : 0;
      const graceMs = count === 1 ? Math.min(drainGraceMs, settings.abortGraceMs) : 0;
      if (service.worker === null) logger.info("Stopping");
      else {
        const { runningSteps, runningCalls } = service.worker.status();
        const what = `Stopping: ${runningSteps + runningCalls} scripts run`;
        const how =
          count === 1
            ? `they have ${drainMs} ms; a second signal ends them at once`
            : "they are ended at once";
        logger.info({ runningSteps, runningCalls }, `${what}; ${how}`);
      }
      service.stop({ drainMs, graceMs }).then(resolve, reject);
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
