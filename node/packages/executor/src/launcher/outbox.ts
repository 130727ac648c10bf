import { FrameWriter } from "./frame-writer.js";
import { Request } from "./frames.js";

/** What a launcher may forget waits so long for other frames to go with, in ms. */
const FORGET_MS = 100;

/** What is to be sent to a launcher: all frames of a turn of the event loop leave in one write. */
export class Outbox {
  readonly #write: (frames: Buffer) => void;
  readonly #writer = new FrameWriter();
  #forgotten: number[] = [];
  #forgetting: NodeJS.Timeout | null = null;

  constructor(write: (frames: Buffer) => void) {
    this.#write = write;
  }

  /** To begin a frame with, which leaves at the end of this turn. */
  frame(): FrameWriter {
    if (this.#writer.length === 0) setImmediate(() => this.flush());
    return this.#writer;
  }

  /** Leaves with what is sent next. */
  forget(id: number): void {
    this.#forgotten.push(id);
    this.#forgetting ??= setTimeout(() => this.flush(), FORGET_MS).unref();
  }

  flush(): void {
    if (this.#forgotten.length > 0) {
      this.#writer.begin(Request.forget);
      for (const id of this.#forgotten) this.#writer.u32(id);
      this.#writer.end();
      this.#forgotten = [];
    }
    if (this.#forgetting !== null) clearTimeout(this.#forgetting);
    this.#forgetting = null;
    if (this.#writer.length > 0) this.#write(this.#writer.take());
  }
}
