import { leftOutMark } from "@maxq/core";

/** Each byte as one character, so that places in the text are places in the bytes. */
const bytewise = new TextDecoder("latin1");
const dots = bytewise.decode(new TextEncoder().encode("…"));
/** What `leftOutMark` writes; and what may be the beginning of it, its line break alone aside. */
const mark = new RegExp(`\\n\\[${dots} (\\d+) bytes left out ${dots}\\]\\n`, "g");
const begunMark = new RegExp(
  `\\n\\[(?:${beginningOf(`${dots} `)}|${dots} \\d{1,16}${beginningOf(` bytes left out ${dots}]`)})$`,
);
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
  /** The beginning of what may be a mark; so many bytes of it, its line break or none, were handed out as text. */
  #begun = nothing;
  #shown = 0;
  /** Whether the byte before `#at` was handed out in this pass. */
  #fresh = false;

  /** The text comes from its beginning. */
  begin(): void {
    this.#at = 0;
    this.#begun = nothing;
    this.#shown = 0;
  }

  /** What is new in the next chunk. */
  *take(chunk: Uint8Array): Generator<Uint8Array, void> {
    const bytes = joined(this.#begun, chunk);
    const text = bytewise.decode(bytes);
    const shown = this.#shown;
    let from = 0;
    for (const { index, 0: whole, 1: leftOut } of text.matchAll(mark)) {
      yield* this.#written(bytes.subarray(Math.max(from, shown), Math.max(index, shown)));
      yield* this.#leftOut(Number(leftOut), index < shown);
      from = index + whole.length;
    }
    const rest = text.slice(from);
    const to = from + (begunMark.exec(rest)?.index ?? rest.length);
    yield* this.#written(bytes.subarray(Math.max(from, shown), Math.max(to, shown)));
    // A line is handed out at once, with a line break that may be the mark's.
    const kept = to === bytes.length && rest.endsWith("\n") ? to - 1 : to;
    this.#begun = bytes.slice(kept);
    this.#shown = Math.max(to, shown) - kept;
  }

  /** What is new at its end. */
  *end(): Generator<Uint8Array, void> {
    yield* this.#written(this.#begun.subarray(this.#shown));
  }

  *#written(bytes: Uint8Array): Generator<Uint8Array, void> {
    if (bytes.length === 0) return;
    const fresh = bytes.subarray(this.#pass(bytes.length));
    this.#fresh = fresh.length > 0;
    if (this.#fresh) yield fresh;
  }

  /** @param broken the mark's line break was taken for the script's */
  *#leftOut(bytes: number, broken: boolean): Generator<Uint8Array, void> {
    const shown = broken && this.#fresh;
    if (broken) this.#at -= 1;
    if (shown) this.#handedOut -= 1;
    const fresh = bytes - this.#pass(bytes);
    if (fresh > 0) yield new TextEncoder().encode(leftOutMark(fresh).slice(shown ? 1 : 0));
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

/** A pattern of all that this text, which holds nothing that patterns have, begins with. */
function beginningOf(text: string): string {
  return Array.from(text).reduceRight((rest, character) => `(?:${character}${rest})?`, "");
}
