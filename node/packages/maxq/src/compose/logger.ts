import { pino, type DestinationStream, type Logger } from "pino";
import type { ExecutorLogger } from "@maxq/executor";
import type { Settings } from "../settings/settings.js";

/** One JSON object a line. Written at once, so that the last line before a crash is there. */
export function createLogger(level: Settings["logLevel"], destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
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
