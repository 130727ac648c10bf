import { connect, type Socket } from "node:net";
import { MessageReader } from "./message-reader.js";
import { Requests } from "./requests.js";

/** Told of each answer that is complete, before the client hears of it. "cut": it never does. */
export type OnReply = (statement: string) => "forward" | "cut";

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;

/** One client and its connection to the server. An answer goes to the client when the server has said all of it. */
export class Connection {
  readonly #server: Socket;
  readonly #requests = new Requests();
  readonly #fromClient = new MessageReader();
  readonly #fromServer = new MessageReader();
  #greeted = false;
  #held: Buffer[] = [];

  constructor(
    private readonly client: Socket,
    server: { readonly host: string; readonly port: number },
    private readonly onReply: OnReply,
    onEnd: () => void,
  ) {
    this.#server = connect({ ...server, noDelay: true });
    client.on("data", (chunk: Buffer) => this.#sent(chunk));
    this.#server.on("data", (chunk: Buffer) => this.#answered(chunk));
    for (const socket of [client, this.#server]) {
      socket.on("error", () => this.cut());
      socket.on("close", () => {
        this.cut();
        onEnd();
      });
    }
  }

  /** Ends both sides at once; what was under way is not delivered. */
  cut(): void {
    this.client.destroy();
    this.#server.destroy();
  }

  /** Nothing passes in either direction, ends included, until `resume`; then all of it does. */
  stall(): void {
    this.client.pause();
    this.#server.pause();
  }

  resume(): void {
    this.client.resume();
    this.#server.resume();
  }

  #sent(chunk: Buffer): void {
    if (this.#greeted) for (const message of this.#fromClient.read(chunk)) this.#requests.sent(message);
    else if (isEncryptionRequest(chunk)) {
      this.client.write("N");
      return;
    } else this.#greeted = true;
    this.#server.write(chunk);
  }

  #answered(chunk: Buffer): void {
    for (const message of this.#fromServer.read(chunk)) {
      this.#held.push(message);
      const statement = this.#requests.answered(message);
      if (statement !== null && this.onReply(statement) === "cut") {
        this.cut();
        return;
      }
      if (statement === null && this.#requests.areOpen) continue;
      this.client.write(Buffer.concat(this.#held.splice(0)));
    }
  }
}

function isEncryptionRequest(packet: Buffer): boolean {
  return packet.length === 8 && [SSL_REQUEST, GSS_REQUEST].includes(packet.readInt32BE(4));
}
