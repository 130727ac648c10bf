import { leftOutMark } from "@maxq/core";

/** Each byte as one character, so that places in the text are places in the bytes. */
const bytewise = new TextDecoder("latin1");
/** What `leftOutMark` writes, whose `…` are three bytes each; and what may be the beginning of it. */
const mark = /\n\[[^\n]{3} (\d+) bytes left out [^\n]{3}\]\n/g;
const begunMark = /\n\[[^\n]{0,60}$/;
const nothing = new Uint8Array();

/**
 * The output of a script, which the server sends from its beginning each time: hands out what was not handed out before. How far it is counts in bytes of what the
 * script wrote, because what is left out of it may be more the next time.
 */
export class SentAgain {
  /** So far everything was handed out, or said to be left out. */
  #handedOut = 0;
  /** Where what comes next belongs. */
  #at = 0;
  /** The beginning of what may be a mark. */
  #begun = nothing;

  /** The text comes from its beginning. */
  begin(): void {
    this.#at = 0;
    this.#begun = nothing;
  }

  /** What is new in the next chunk. */
  *take(chunk: Uint8Array): Generator<Uint8Array, void> {
    const bytes = joined(this.#begun, chunk);
    const text = bytewise.decode(bytes);
    let from = 0;
    for (const { index, 0: whole, 1: leftOut } of text.matchAll(mark)) {
      yield* this.#written(bytes.subarray(from, index));
      yield* this.#leftOut(Number(leftOut));
      from = index + whole.length;
    }
    const rest = text.slice(from);
    const to = from + (begunMark.exec(rest)?.index ?? rest.length);
    this.#begun = bytes.slice(to);
    yield* this.#written(bytes.subarray(from, to));
  }

  /** What is new at its end. */
  *end(): Generator<Uint8Array, void> {
    yield* this.#written(this.#begun);
  }

  *#written(bytes: Uint8Array): Generator<Uint8Array, void> {
    const fresh = bytes.subarray(this.#pass(bytes.length));
    if (fresh.length > 0) yield fresh;
  }

  *#leftOut(bytes: number): Generator<Uint8Array, void> {
    const fresh = bytes - this.#pass(bytes);
    if (fresh > 0) yield new TextEncoder().encode(leftOutMark(fresh));
  }

  /** Goes on by so many bytes, and answers how many of them were handed out before. */
  #pass(bytes: number): number {
    const before = Math.min(bytes, Math.max(0, this.#handedOut - this.#at));
    this.#at += bytes;
    this.#handedOut = Math.max(this.#handedOut, this.#at);
    return before;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
