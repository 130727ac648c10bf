import type { Writable } from "node:stream";
import { decodeEvent } from "../src/launcher/decode.js";
import { FrameReader } from "../src/launcher/frame-reader.js";
import { FrameWriter } from "../src/launcher/frame-writer.js";
import { type LauncherEvent, PROTOCOL_VERSION, Request } from "../src/launcher/frames.js";
import { monotonicMs } from "../src/launcher/monotonic.js";
import { until } from "./processes.js";

/** The engine's end of a conversation with a launcher, frame by frame. */
export class FramesEngine {
  readonly events: LauncherEvent[] = [];
  #gone = false;

  constructor(
    from: NodeJS.ReadableStream,
    private readonly to: Writable,
  ) {
    const reader = new FrameReader((type, body) => {
      const event = decodeEvent(type, Buffer.from(body));
      if (event !== null) this.events.push(event);
    });
    from.on("data", (chunk: Buffer) => reader.push(chunk));
    from.on("close", () => (this.#gone = true));
    from.on("error", () => {});
    to.on("error", () => {});
  }

  say(build: (writer: FrameWriter) => void): void {
    const writer = new FrameWriter();
    build(writer);
    this.to.write(writer.take());
  }

  hello(successor: boolean, place = ""): void {
    this.say((writer) =>
      writer
        .begin(Request.hello)
        .u32(PROTOCOL_VERSION)
        .u32(successor ? 1 : 0)
        .text(`MAXQ_MARK=owner.nonce.\0${place}\0PATH=${process.env["PATH"]!}\0`)
        .end(),
    );
  }

  deadline(msFromNow: number): void {
    this.say((writer) =>
      writer
        .begin(Request.deadline)
        .f64(monotonicMs() + msFromNow)
        .end(),
    );
  }

  async told<T extends LauncherEvent["type"]>(
    type: T,
    count = 1,
  ): Promise<Extract<LauncherEvent, { type: T }>[]> {
    const found = () =>
      this.events.filter((event) => event.type === type) as Extract<LauncherEvent, { type: T }>[];
    await until(`${count} ${type} came`, () => found().length >= count);
    return found();
  }

  /** False: it was refused, because there is another. */
  async isWelcome(): Promise<boolean> {
    const greeted = () => this.events.some(({ type }) => type === "ready");
    await until("it is greeted or refused", () => this.#gone || greeted());
    return greeted();
  }
}
