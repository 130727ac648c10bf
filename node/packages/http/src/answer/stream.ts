import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { StreamAnswer, StreamWriter } from "./answer.js";
import { withDeadline } from "../wait/with-deadline.js";

/** How long what is left may take to reach a reader once the stream has ended. */
const lingerMs = 10_000;

/** Sends text as it comes. At most what the socket buffers is held for a slow reader: nothing more is made until it has taken that. */
export async function sendStream(
  request: IncomingMessage,
  response: ServerResponse,
  stream: StreamAnswer,
  signal: AbortSignal,
  patienceMs = 30_000,
): Promise<void> {
  response.writeHead(200, { "Content-Type": stream.contentType, "X-Accel-Buffering": "no" });
  if (request.method === "HEAD") return void response.end();
  request.socket.setTimeout(0);
  response.flushHeaders();
  const write: StreamWriter["write"] = async (text) => {
    if (response.destroyed) return false;
    if (response.write(text)) return true;
    const drained = withDeadline(signal, patienceMs, (until) => once(response, "drain", { signal: until }));
    return drained.then(
      () => true,
      () => false,
    );
  };
  const written = await stream.write({ signal, write });
  if (written === "whole") response.end();
  else request.socket.end(); // what is written arrives, the end of the answer does not
  if (!response.writableFinished) request.socket.setTimeout(lingerMs);
}
