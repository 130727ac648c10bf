/** Cuts a byte stream into frames. Bodies are views that are valid as long as the chunk they came in. */
export class FrameReader {
  readonly #onFrame: (type: number, body: Buffer) => void;
  #parts: Buffer[] = [];
  #length = 0;
  /** Bytes that must be there before it is worth looking again. */
  #wanted = 4;

  constructor(onFrame: (type: number, body: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return;
    const all = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts, this.#length);
    let at = 0;
    this.#wanted = 4;
    while (all.length - at >= 4) {
      const end = at + 4 + all.readUInt32LE(at);
      if (end > all.length) {
        this.#wanted = end - at;
        break;
      }
      if (end > at + 4) this.#onFrame(all[at + 4]!, all.subarray(at + 5, end));
      at = end;
    }
    this.#parts = at < all.length ? [all.subarray(at)] : [];
    this.#length = all.length - at;
  }
}
