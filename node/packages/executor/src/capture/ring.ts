/** Keeps the beginning and the end of a stream within `cap` bytes, as `launcher/capture.c` does. */
export class RingCapture {
  readonly head: number;
  bytes = 0;
  readonly #cap: number;
  #buffer = Buffer.alloc(0);
  #length = 0;
  #at: number;

  constructor(cap: number) {
    this.#cap = cap;
    this.head = cap >> 2;
    this.#at = this.head;
  }

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    const fits = Math.min(chunk.length, this.#cap - this.#length);
    this.#grow(this.#length + fits);
    chunk.copy(this.#buffer, this.#length, 0, fits);
    this.#length += fits;
    const ring = this.#cap - this.head;
    let rest = chunk.subarray(fits);
    if (rest.length > ring) rest = rest.subarray(rest.length - ring);
    while (rest.length > 0) {
      const n = rest.copy(this.#buffer, this.#at);
      rest = rest.subarray(n);
      this.#at = this.#at + n === this.#cap ? this.head : this.#at + n;
    }
  }

  /** The head and the tail, in order and without a gap between them. */
  kept(): Buffer {
    const kept = this.#buffer.subarray(0, this.#length);
    if (this.#length < this.#cap) return kept;
    return Buffer.concat([
      kept.subarray(0, this.head),
      kept.subarray(this.#at),
      kept.subarray(this.head, this.#at),
    ]);
  }

  #grow(wanted: number): void {
    if (wanted <= this.#buffer.length) return;
    const larger = Buffer.alloc(Math.min(wanted * 2, this.#cap));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
