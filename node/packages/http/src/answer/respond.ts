import type { IncomingMessage, ServerResponse } from "node:http";
import { problem } from "@maxq/core";
import type { Services } from "../app/services.js";
import { requestStateOf, subjectOf } from "../request/state.js";
import type { Answer } from "./answer.js";
import { problemFromThrown } from "./failure.js";
import { sendJson, sendProblem } from "./send.js";
import { sendStream } from "./stream.js";

/** Sends what a route answered. */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  result: Answer,
  signal: AbortSignal,
  readerPatienceMs: number | undefined,
): Promise<void> {
  switch (result.reason) {
    case "json":
      sendJson(response, result.status, result.body, result.headers);
      return;
    case "refused":
      sendProblem(response, result.problem, result.headers);
      return;
    case "stream":
      return sendStream(request, response, result, signal, readerPatienceMs);
  }
}

/** Answers what was thrown: the database is away, the request cannot be read, or a fault of ours, which is logged and not shown. */
export function sendThrown(
  response: ServerResponse,
  thrown: unknown,
  { limits, logger }: Pick<Services, "limits" | "logger">,
): void {
  const known = problemFromThrown(thrown, limits);
  const state = requestStateOf(response);
  if (known === null) {
    const request = { requestId: state.id, url: state.loggedUrl, ...subjectOf(state) };
    logger.error({ err: thrown, ...request }, "A request failed by a fault of the server");
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const found =
    known ??
    problem(
      "INTERNAL_ERROR",
      "The server failed at this request; nothing is known about what was stored. Look up the request id in its log.",
    );
  sendProblem(response, found);
}
