import type { ServerResponse } from "node:http";

/** The reason of every abort here: without one, each makes an exception of its own, which costs a hundredth of a request. */
const over = new Error("The client has gone, the response is finished, or the server closes.");

/** A signal that aborts when the response's client has gone, the response is finished, or the server closes. */
export function clientSignal(response: ServerResponse, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const abort = (): void => gone.abort(over);
  if (closing.aborted) abort();
  closing.addEventListener("abort", abort);
  response.once("close", () => {
    closing.removeEventListener("abort", abort);
    abort();
  });
  return gone.signal;
}
