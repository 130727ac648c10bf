import { connect, type Socket } from "node:net";
import { MessageReader } from "./message-reader.js";
import { Requests } from "./requests.js";

/** Who decides what becomes of a statement and its answer. */
export interface Decisions {
  /** The client has asked for it. "late": the client is cut, and the server gets it when `Connection.deliver` is called. */
  request(statement: string, connection: Connection): "forward" | "late";
  /** The server has answered it. "cut": the client never hears of it. */
  reply(statement: string): "forward" | "cut";
}

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
  /** What reaches the server later than its client could wait; then resolves once it was answered. */
  #late: { readonly chunk: Buffer; answered: () => void } | null = null;

  constructor(
    private readonly client: Socket,
    server: { readonly host: string; readonly port: number },
    private readonly decide: Decisions,
    onEnd: () => void,
  ) {
    this.#server = connect({ ...server, noDelay: true });
    client.on("data", (chunk: Buffer) => this.#sent(chunk));
    this.#server.on("data", (chunk: Buffer) => this.#answered(chunk));
    client.on("error", () => client.destroy());
    client.on("close", () => {
      if (this.#late === null) this.#server.destroy();
    });
    this.#server.on("error", () => this.cut());
    this.#server.on("close", () => {
      this.cut();
      this.#late?.answered();
      onEnd();
    });
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

  /** Hands the server what it was to get late; resolves when the server has done it. */
  deliver(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#late === null || this.#server.destroyed) {
        resolve();
        return;
      }
      this.#late.answered = resolve;
      this.#server.write(this.#late.chunk);
    });
  }

  #sent(chunk: Buffer): void {
    if (this.#late !== null) return;
    if (this.#greeted) {
      const asked = this.#fromClient.read(chunk).map((message) => this.#requests.sent(message));
      if (asked.some((text) => text !== null && this.decide.request(text, this) === "late")) {
        this.#late = { chunk, answered: () => undefined };
        this.client.destroy();
        return;
      }
    } else if (isEncryptionRequest(chunk)) {
      this.client.write("N");
      return;
    } else this.#greeted = true;
    this.#server.write(chunk);
  }

  #answered(chunk: Buffer): void {
    for (const message of this.#fromServer.read(chunk)) {
      this.#held.push(message);
      const statement = this.#requests.answered(message);
      if (statement !== null && (this.#late !== null || this.decide.reply(statement) === "cut")) {
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
