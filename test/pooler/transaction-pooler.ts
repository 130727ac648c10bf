import { createServer, type AddressInfo, type Socket } from "node:net";
import pg from "pg";
import { MessageReader } from "../proxy/message-reader.js";

/** A stand-in for PgBouncer in transaction mode. */
export interface TransactionPooler {
  /** Where clients connect, in place of the server. */
  readonly url: string;
  /** How many transactions it has handed to each of its connections. */
  readonly handedOut: readonly number[];
  close(): Promise<void>;
}

/** One connection to the server, logged in. */
interface Backend {
  readonly number: number;
  readonly socket: Socket;
  readonly messages: MessageReader;
  client: Client | null;
}

interface Client {
  readonly socket: Socket;
  backend: Backend | null;
  /** What it has sent and no connection was free for. */
  waiting: Buffer[];
  /** Query and Sync messages that the server has not answered. */
  unanswered: number;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const READY = "Z".charCodeAt(0);
const NOTIFICATION = "A".charCodeAt(0);
const TERMINATE = "X".charCodeAt(0);
const ANSWERED_BY_READY = new Set(["Q", "S"].map((letter) => letter.charCodeAt(0)));

/**
 * Hands its few connections to the server out for one transaction each, in turn, so that nothing that belongs to a session survives: no SET, no LISTEN,
 * no advisory lock and no prepared statement. As old poolers, it does not know of prepared statements; it drops every notification.
 */
export async function startTransactionPooler(serverUrl: string, size = 3): Promise<TransactionPooler> {
  const backends = await Promise.all(Array.from({ length: size }, (_, number) => connect(serverUrl, number)));
  const free = [...backends];
  const queue: Client[] = [];
  const clients = new Set<Client>();
  const handedOut = backends.map(() => 0);
  let closed = false;

  const serveNext = (): void => {
    while (free.length > 0 && queue.length > 0) {
      const client = queue.shift()!;
      const backend = free.shift()!;
      handedOut[backend.number]! += 1;
      backend.client = client;
      client.backend = backend;
      for (const message of client.waiting.splice(0)) backend.socket.write(message);
    }
  };
  const fromClient = (client: Client, message: Buffer): void => {
    if (message[0] === TERMINATE) return;
    if (ANSWERED_BY_READY.has(message[0]!)) client.unanswered += 1;
    if (client.backend !== null) {
      client.backend.socket.write(message);
      return;
    }
    if (client.waiting.push(message) === 1) queue.push(client);
    serveNext();
  };
  const fromServer = (backend: Backend, message: Buffer): void => {
    if (message[0] === NOTIFICATION) return;
    const { client } = backend;
    client?.socket.write(message);
    if (message[0] !== READY || client === null) return;
    client.unanswered -= 1;
    if (message[5] !== "I".charCodeAt(0) || client.unanswered > 0) return;
    client.backend = null;
    backend.client = null;
    free.push(backend);
    serveNext();
  };
  const attach = (backend: Backend): void => {
    backend.socket.on("data", (chunk: Buffer) => {
      for (const message of backend.messages.read(chunk)) fromServer(backend, message);
    });
  };
  backends.forEach(attach);
  /** What a client left open is rolled back with its connection; another one takes its place. */
  const replace = async (lost: Backend): Promise<void> => {
    lost.client = null;
    lost.socket.destroy();
    const next = await connect(serverUrl, lost.number);
    backends[lost.number] = next;
    attach(next);
    free.push(next);
    serveNext();
  };

  const server = createServer({ noDelay: true }, (socket) => {
    const client: Client = { socket, backend: null, waiting: [], unanswered: 0 };
    clients.add(client);
    const messages = new MessageReader();
    let greeted = false;
    socket.on("data", (chunk: Buffer) => {
      if (greeted) for (const message of messages.read(chunk)) fromClient(client, message);
      else greeted = greet(socket, chunk);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clients.delete(client);
      const place = queue.indexOf(client);
      if (place >= 0) queue.splice(place, 1);
      if (client.backend !== null && !closed) void replace(client.backend);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    handedOut,
    close: async () => {
      closed = true;
      for (const { socket } of [...clients, ...backends]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Logs in by pg, which knows every way to, and takes its socket over. */
async function connect(url: string, number: number): Promise<Backend> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.removeAllListeners();
  stream.on("error", () => stream.destroy());
  return { number, socket: stream, messages: new MessageReader(), client: null };
}

/** Answers the first packet. False if the client will send another one. */
function greet(socket: Socket, packet: Buffer): boolean {
  const code = packet.readInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) {
    socket.write("N");
    return false;
  }
  const parameters = { server_version: "17.0", client_encoding: "UTF8", standard_conforming_strings: "on" };
  socket.write(
    Buffer.concat([
      message("R", Buffer.from([0, 0, 0, 0])),
      ...Object.entries(parameters).map(([name, value]) => message("S", Buffer.from(`${name}\0${value}\0`))),
      // Its own number for the connection, not that of any process of the server.
      message("K", Buffer.from([0x7f, 1, 2, 3, 4, 5, 6, 7])),
      message("Z", Buffer.from("I")),
    ]),
  );
  return true;
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
