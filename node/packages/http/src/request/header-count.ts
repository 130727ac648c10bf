import type { IncomingMessage } from "node:http";
import { problem, type Problem } from "@maxq/core";

const mostHeaders = 200;

/** Refuses a request with more headers than are meant to be looked at. The server has no limit of its own (`maxHeadersCount`): Node drops what is beyond it, and checks would pass that hold for a header. */
export function checkHeaderCount({ rawHeaders }: IncomingMessage): Problem | null {
  const count = rawHeaders.length / 2;
  if (count <= mostHeaders) return null;
  return problem("INVALID_REQUEST", `The request has ${count} headers. Send ${mostHeaders} at most.`);
}
