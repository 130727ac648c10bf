import { createServer, type AddressInfo, type Socket } from "node:net";
import { Connection } from "./connection.js";

/** Stands between MaxQ and PostgreSQL and breaks what is asked of it. */
export interface DatabaseProxy {
  /** Where clients connect, in place of the server. */
  readonly url: string;
  /** How many clients are connected. */
  readonly connections: number;
  /** How many statements the server has answered to the end. A BEGIN, and a COMMIT, counts as one. */
  readonly replies: number;
  /** Ends all connections; new ones are served. */
  drop(): void;
  /** Ends all connections, and new ones at once, until `serve`. */
  refuse(): void;
  /** Lets nothing pass in either direction, on new connections too, until `serve`; then everything that was sent meanwhile arrives. */
  stall(): void;
  /** Serves again after `refuse` or `stall`, and forgets a cut that has not come to pass. */
  serve(): void;
  /**
   * Cuts a connection when the server has answered, and before the client hears of it: what the statement did stands. The n-th answer from now, 1 the next,
   * of those whose statement matches. Resolves with the statement's text when that is done. One cut at a time.
   */
  cutReply(nth?: number, matches?: (statement: string) => boolean): Promise<string>;
  /**
   * Cuts a connection when the next statement that matches is sent, and keeps that statement from the server until `deliver` is called, which resolves when
   * the server has done it: a network that delivers what its sender gave up. Resolves when the connection is cut. One at a time.
   */
  delayRequest(matches: (statement: string) => boolean): Promise<Delayed>;
  /** Ends all connections and listens no more. */
  close(): Promise<void>;
}

/** A statement that is on its way. */
export interface Delayed {
  readonly statement: string;
  deliver(): Promise<void>;
}

interface Delay {
  readonly matches: (statement: string) => boolean;
  readonly done: (delayed: Delayed) => void;
}

interface Cut {
  left: number;
  readonly matches: (statement: string) => boolean;
  readonly done: (statement: string) => void;
}

/** Starts one in front of the server of this URL, on a free port of the loopback address. */
export async function startDatabaseProxy(serverUrl: string): Promise<DatabaseProxy> {
  const target = new URL(serverUrl);
  const server = { host: target.hostname, port: Number(target.port || 5432) };
  const connections = new Set<Connection>();
  let mode: "serve" | "refuse" | "stall" = "serve";
  let replies = 0;
  let cut: Cut | null = null;
  let delay: Delay | null = null;

  const request = (statement: string, connection: Connection): "forward" | "late" => {
    if (delay?.matches(statement) !== true) return "forward";
    const { done } = delay;
    delay = null;
    done({ statement, deliver: () => connection.deliver() });
    return "late";
  };
  const reply = (statement: string): "forward" | "cut" => {
    replies += 1;
    if (cut === null || !cut.matches(statement)) return "forward";
    cut.left -= 1;
    if (cut.left > 0) return "forward";
    const { done } = cut;
    cut = null;
    done(statement);
    return "cut";
  };
  const accept = (socket: Socket): void => {
    if (mode === "refuse") {
      socket.on("error", () => undefined);
      socket.resetAndDestroy();
      return;
    }
    const connection: Connection = new Connection(socket, server, { request, reply }, () =>
      connections.delete(connection),
    );
    connections.add(connection);
    if (mode === "stall") connection.stall();
  };
  const drop = (): void => {
    for (const connection of connections) connection.cut();
  };

  const listener = createServer({ noDelay: true }, accept);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  target.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    url: target.href,
    get connections() {
      return connections.size;
    },
    get replies() {
      return replies;
    },
    drop,
    refuse() {
      mode = "refuse";
      drop();
    },
    stall() {
      mode = "stall";
      for (const connection of connections) connection.stall();
    },
    serve() {
      mode = "serve";
      cut = null;
      for (const connection of connections) connection.resume();
    },
    cutReply(nth = 1, matches = () => true) {
      if (cut !== null) throw new Error("The cut that was asked for before has not come to pass yet.");
      return new Promise((done) => (cut = { left: nth, matches, done }));
    },
    delayRequest(matches) {
      return new Promise((done) => (delay = { matches, done }));
    },
    async close() {
      mode = "refuse";
      drop();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
