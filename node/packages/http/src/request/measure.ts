import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpInstruments } from "../app/instruments.js";
import type { RequestState } from "./state.js";

/** Those that routes have: what else clients make up is one more, so that what is counted by method stays bounded. */
const methods = new Set(["GET", "HEAD", "POST", "PATCH", "DELETE"]);

/** Counts a request when it has been answered. */
export function measureWhenAnswered(
  instruments: HttpInstruments,
  request: IncomingMessage,
  response: ServerResponse,
  state: RequestState,
): void {
  response.once("close", () => {
    const { method = "" } = request;
    instruments.answered({
      method: methods.has(method) ? method : "other",
      route: state.route ?? "none",
      status: response.statusCode,
      ms: performance.now() - state.startedAt,
      prompt: !state.streams && !/[?&]wait=/.test(state.loggedUrl),
    });
  });
}
