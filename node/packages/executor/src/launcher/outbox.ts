import { FrameWriter } from "./frame-writer.js";
import { Request } from "./frames.js";

/** What a launcher may forget waits so long for other frames to go with, in ms. */
const FORGET_MS = 100;

/** Not `queueMicrotask`, which makes an async resource each time. */
const now = Promise.resolve();

/** What is to be sent to a launcher: frames that are begun one right after the other leave in one write. */
export class Outbox {
  readonly #write: (frames: Buffer) => void;
  readonly #writer = new FrameWriter();
  #forgotten: number[] = [];
  #forgetting = false;

  constructor(write: (frames: Buffer) => void) {
    this.#write = write;
  }

  /** To begin a frame with. It leaves after the promises that are due now, so with all that one answer starts, and before anything else is done. */
  frame(): FrameWriter {
    if (this.#writer.length === 0) void now.then(this.#flushSoon);
    return this.#writer;
  }

  /** Leaves with what is sent next. */
  forget(id: number): void {
    this.#forgotten.push(id);
    if (this.#forgetting) return;
    this.#forgetting = true;
    setTimeout(() => {
      this.#forgetting = false;
      this.flush();
    }, FORGET_MS).unref();
  }

  flush(): void {
    if (this.#forgotten.length > 0) {
      this.#writer.begin(Request.forget);
      for (const id of this.#forgotten) this.#writer.u32(id);
      this.#writer.end();
      this.#forgotten = [];
    }
    if (this.#writer.length > 0) this.#write(this.#writer.take());
  }

  readonly #flushSoon = (): void => this.flush();
}
