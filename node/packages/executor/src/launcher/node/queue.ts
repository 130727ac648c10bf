import type { Writable } from "node:stream";
import type { FrameWriter } from "../frame-writer.js";

/** Frames on their way to the engine: those of one turn of the event loop leave in one write. */
export class FrameQueue {
  constructor(
    private readonly stream: Writable,
    private readonly writer: FrameWriter,
  ) {}

  /** Bytes that the engine has not taken yet. */
  get waiting(): number {
    return this.writer.length + this.stream.writableLength;
  }

  frame(type: number): FrameWriter {
    if (this.writer.length === 0) setImmediate(() => this.flush());
    return this.writer.begin(type);
  }

  flush(): void {
    if (this.writer.length > 0) this.stream.write(this.writer.take());
  }
}
