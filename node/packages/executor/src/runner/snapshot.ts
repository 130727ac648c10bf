import type { CapturedStream } from "@maxq/core";
import { capturedText } from "../capture/text.js";
import { Follower } from "./follower.js";

/** A launcher that does not answer is not waited for any longer. */
const PATIENCE_MS = 1_000;

/** What came of one stream, in order: all of it up to the last leap, and what came after that. */
interface Heard {
  head: Buffer[];
  tail: Buffer[];
  leftOut: number;
}

/**
 * What a script has written so far. The launcher is asked for it twice: each answer begins with a frame at 0 of stdout, so what comes before the second one
 * is the first one, whole.
 */
export class Snapshot extends Follower {
  /** Resolves when all was heard; false: the launcher did not answer. */
  readonly taken: Promise<boolean>;
  readonly #heard: Readonly<Record<"stdout" | "stderr", Heard>>;
  readonly #begun = new Set<"stdout" | "stderr">();
  readonly #timer: NodeJS.Timeout;
  #settle!: (whole: boolean) => void;
  #over = false;

  constructor() {
    const heard = { stdout: nothing(), stderr: nothing() };
    super((stream, chunk, leftOut) => keep(heard[stream], chunk, leftOut));
    this.#heard = heard;
    this.taken = new Promise((resolve) => (this.#settle = resolve));
    this.#timer = setTimeout(() => this.#finish(false), PATIENCE_MS);
  }

  override hear(stream: "stdout" | "stderr", offset: number, chunk: Buffer): void {
    if (this.#over) return;
    if (stream === "stdout" && offset === 0 && this.#begun.size === 2) {
      this.end();
      return;
    }
    if (offset === 0) this.#begun.add(stream);
    super.hear(stream, offset, Buffer.from(chunk)); // a copy: chunks are views
  }

  override end(): void {
    if (this.#over) return;
    super.end();
    this.#finish(true);
  }

  /** As it would be captured if the script had ended now, at most `capBytes` of it. */
  text(stream: "stdout" | "stderr", capBytes: number): CapturedStream {
    const { head, tail, leftOut } = this.#heard[stream];
    const kept = Buffer.concat([...head, ...tail]);
    const ofHead = head.reduce((sum, { length }) => sum + length, 0);
    return capturedText({ bytes: kept.length + leftOut, head: ofHead, kept }, capBytes);
  }

  #finish(whole: boolean): void {
    clearTimeout(this.#timer);
    this.#over = true;
    this.#settle(whole);
  }
}

function nothing(): Heard {
  return { head: [], tail: [], leftOut: 0 };
}

function keep(heard: Heard, chunk: Buffer, leftOut: number): void {
  if (leftOut > 0) {
    heard.leftOut += leftOut + heard.tail.reduce((sum, { length }) => sum + length, 0);
    heard.tail = [chunk];
  } else if (heard.leftOut > 0) heard.tail.push(chunk);
  else heard.head.push(chunk);
}
