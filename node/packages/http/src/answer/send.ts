import type { ServerResponse } from "node:http";
import { statusOf, type Problem } from "@maxq/core";
import { requestStateOf } from "../request/state.js";

/** Sends JSON, with a newline at the end, so that what a script prints after `curl` begins a line. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/** Sends a problem in the one shape that all errors have. */
export function sendProblem(
  response: ServerResponse,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  const retryAfter = problem.code === "UNAVAILABLE" ? { "Retry-After": "1" } : {};
  const challenge = problem.code === "UNAUTHORIZED" ? { "WWW-Authenticate": 'Bearer realm="maxq"' } : {};
  sendJson(response, statusOf(problem.code), errorBody(problem, requestStateOf(response).id), {
    ...retryAfter,
    ...challenge,
    ...headers,
  });
}

/** The body of every error. */
export function errorBody({ code, message, details = {} }: Problem, requestId: string): object {
  return { error: message, code, details, requestId };
}
