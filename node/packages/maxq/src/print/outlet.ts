import { once } from "node:events";

/** A stream that a command writes its answer to, for as long as somebody reads it. */
export class Outlet {
  readonly #closing = new AbortController();

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
    await once(this.stream, "drain", { signal: this.closed }).catch(() => undefined);
  }
}
