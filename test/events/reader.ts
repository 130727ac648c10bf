import { request, type IncomingMessage } from "node:http";
import { once } from "node:events";

/** One message of a stream of Server-Sent Events. */
export interface Message {
  readonly id: string | null;
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
}

/** A reader of a run's stream, which can be stalled and cut off. */
export class Reader {
  readonly messages: Message[] = [];
  /** Resolves when the stream has ended, by either side. */
  readonly ended: Promise<unknown>;
  #text = "";

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding("utf8");
    response.on("data", (text: string) => this.#take(text));
    response.on("error", () => undefined);
    this.ended = once(response, "close");
  }

  /** Connects. Rejects if the answer is not a stream. */
  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Reader> {
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { headers, agent: false }, (response) => {
        if (response.statusCode === 200) resolve(new Reader(response));
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  /** Events, without what only tells of the stream itself. */
  get events(): Message[] {
    return this.messages.filter(({ id }) => id !== null);
  }

  /** Whether the server said that there will be no more. */
  get isComplete(): boolean {
    return this.messages.at(-1)?.event === "end";
  }

  /** Takes nothing more, without saying so. */
  stall(): void {
    this.response.pause();
    this.response.socket.pause();
  }

  cutOff(): void {
    this.response.destroy();
  }

  #take(text: string): void {
    this.#text += text;
    const blocks = this.#text.split("\n\n");
    this.#text = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
      const event = field("event");
      if (event !== undefined)
        this.messages.push({ id: field("id") ?? null, event, data: JSON.parse(field("data") ?? "null") });
    }
  }
}
