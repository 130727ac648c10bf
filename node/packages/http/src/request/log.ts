import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { subjectOf, type RequestState } from "./state.js";

/**
 * Logs a request when it has been answered: scripts' calls and health checks at debug, others at info, faults at error.
 * Nothing is prepared for a level that is off: request logging by pino-http costs a quarter of the throughput.
 */
export function logWhenAnswered(
  logger: Logger,
  request: IncomingMessage,
  response: ServerResponse,
  state: RequestState,
): void {
  response.once("close", () => {
    const level = response.statusCode >= 500 ? "error" : state.byScript || state.quiet ? "debug" : "info";
    if (!logger.isLevelEnabled(level)) return;
    const line = {
      requestId: state.id,
      method: request.method,
      url: state.loggedUrl,
      ...subjectOf(state),
      status: response.statusCode,
      durationMs: Math.round((performance.now() - state.startedAt) * 10) / 10,
      ...(response.writableFinished ? {} : { cutOff: true }),
    };
    logger[level](line, "request");
  });
}
