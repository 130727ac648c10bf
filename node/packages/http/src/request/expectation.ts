import type { IncomingMessage } from "node:http";
import { problem, type Problem } from "@maxq/core";

/** Refuses a request that expects something else than to be told to go on, which Node has done by then. */
export function checkExpectation({ headers, httpVersion }: IncomingMessage): Problem | null {
  const { expect } = headers;
  if (expect === undefined || httpVersion !== "1.1" || /(^|\W)100-continue($|\W)/i.test(expect)) return null;
  const shown = JSON.stringify(expect.slice(0, 40));
  return problem(
    "INVALID_REQUEST",
    `The request expects ${shown}, which this server does not know. Send it without \`Expect\`.`,
  );
}
