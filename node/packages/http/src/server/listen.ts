import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { App } from "../app/create-app.js";
import { answerUnreadable } from "./unreadable.js";

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** `http://127.0.0.1:3000`; of a wildcard address the loopback one, which works on this host. */
  readonly url: string;
  /** Takes no more connections, ends streams and waits at once, lets other requests finish for up to `graceMs`, then cuts them off. Called again, it can only be hurried. */
  close(graceMs?: number): Promise<void>;
}

/** What requests are handed to: an `App`, or something that stands before one until there is one. */
export interface Handler extends Omit<App, "express"> {
  readonly express: RequestListener;
}

/** How users choose the address: for messages. */
export interface AddressSettings {
  readonly port: string;
  readonly host: string;
}

/** Listens on an address; port 0 takes a free one. Rejects if that cannot be had, with a message that says what to do. */
export async function listen(
  app: Handler,
  { host, port }: { readonly host: string; readonly port: number },
  settings: AddressSettings = { port: "--port, MAXQ_PORT", host: "--host, MAXQ_HOST" },
): Promise<Listening> {
  // Slow clients: 10 s for the head, 2 min for head and body, 2 min without a byte either way (streams excepted).
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16_384,
      requireHostHeader: false,
    },
    app.express,
  );
  server.setTimeout(120_000);
  server.maxHeadersCount = 0; // none is dropped: `checkHeaderCount` refuses too many
  server.on("clientError", answerUnreadable);
  server.on("checkExpectation", app.express);
  await bound(server, host, port, settings);
  server.on("error", (error) => app.logger.error({ err: error }, "The HTTP server reported an error"));
  const address = server.address() as AddressInfo;
  let closed: Promise<void> | null = null;
  return {
    port: address.port,
    url: urlOf(address),
    close: (graceMs = 5_000) => {
      closed ??= close(app, server);
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
      return closed.finally(() => clearTimeout(cutOff));
    },
  };
}

function bound(server: Server, host: string, port: number, settings: AddressSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(explain(error, host, port, settings), { cause: error })),
    );
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

function explain(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
  settings: AddressSettings,
): string {
  if (code === "EADDRINUSE")
    return `Port ${port} on ${host} is in use. Stop what listens there, or choose another port (${settings.port}).`;
  if (code === "EACCES")
    return `Port ${port} on ${host} needs more rights than this user has. Choose one above 1023 (${settings.port}).`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `This host has no address ${host}. Choose another one (${settings.host}).`;
  return `Cannot listen on ${host}, port ${port}: ${message}`;
}

function urlOf({ address, family, port }: AddressInfo): string {
  if (address === "::") return `http://[::1]:${port}`;
  if (address === "0.0.0.0") return `http://127.0.0.1:${port}`;
  return family === "IPv6" ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}

async function close(app: Handler, server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  app.endWaits();
  // A connection that was answering when the server was closed stays open, idle, until somebody closes it.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  await closed;
  clearInterval(sweep);
}
