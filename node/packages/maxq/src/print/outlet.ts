import { once } from "node:events";

/** A stream that a command writes its answer to, for as long as somebody reads it. */
export class Outlet {
  readonly #closing = new AbortController();
  /** All that wait for a slow reader wait for this: a listener for each would be a warning of Node's. */
  #drained: Promise<unknown> | null = null;

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on("error", () => this.#closing.abort());
  }

  /** Aborted when nobody reads any longer (`| head`). */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Writes, and waits while the reader is slower. Once closed it does nothing. */
  async write(text: string | Uint8Array): Promise<void> {
    if (this.closed.aborted || this.stream.write(text)) return;
    this.#drained ??= once(this.stream, "drain", { signal: this.closed })
      .catch(() => undefined)
      .finally(() => (this.#drained = null));
    await this.#drained;
  }
}
