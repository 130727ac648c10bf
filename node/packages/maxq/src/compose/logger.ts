import { pino, type DestinationStream, type Logger } from "pino";
import type { ExecutorLogger } from "@maxq/executor";
import type { Settings } from "../settings/settings.js";
import { standardOutput } from "./log-output.js";

/** One JSON object a line, on standard output unless told otherwise. */
export function createLogger(
  level: Settings["logLevel"],
  destination: DestinationStream = standardOutput(),
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/** The logger as the executor wants it. */
export function executorLogger(logger: Logger): ExecutorLogger {
  return {
    info: (message, details) => logger.info(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
