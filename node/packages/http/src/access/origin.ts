import type { IncomingMessage } from "node:http";
import { problem, type Problem } from "@maxq/core";

const reading = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses writes that a page of another origin makes. No Origin: not a browser, or one that asks its own server. */
export function checkOrigin(request: IncomingMessage, otherOrigins: readonly string[]): Problem | null {
  const { origin, host } = request.headers;
  if (origin === undefined || reading.has(request.method ?? "GET")) return null;
  const scheme = "encrypted" in request.socket ? "https" : "http";
  if (origin === `${scheme}://${host ?? ""}` || otherOrigins.includes(origin)) return null;
  return problem(
    "FORBIDDEN",
    `Pages of ${JSON.stringify(origin.slice(0, 200))} may not write here. Send the request without an Origin header, or from this server's own page.`,
  );
}
