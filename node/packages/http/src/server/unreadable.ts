import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { problem } from "@maxq/core";
import { errorBody } from "../answer/send.js";
import { securityHeaders } from "../app/headers.js";

/** Answers what is no HTTP request that can be read, in the shape of all errors, and ends the connection. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = explain(error.code);
  const id = randomUUID();
  const body = `${JSON.stringify(errorBody(problem("INVALID_REQUEST", message), id))}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...securityHeaders.map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${id}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function explain(code: string | undefined): readonly [string, string] {
  if (code === "HPE_HEADER_OVERFLOW") {
    return [
      "431 Request Header Fields Too Large",
      "The request's headers are over 16 KiB. Send fewer or shorter ones.",
    ];
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return ["408 Request Timeout", "The request did not arrive in time. Send it again, faster."];
  }
  return [
    "400 Bad Request",
    "This is not an HTTP request that can be read. Check its first line and headers.",
  ];
}
