/** Cuts a stream of PostgreSQL's protocol, in either direction, into its messages: a letter, four bytes of length, the rest. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that are complete with this chunk. */
  read(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const found: Buffer[] = [];
    while (this.#rest.length >= 5) {
      const end = 1 + this.#rest.readInt32BE(1);
      if (this.#rest.length < end) break;
      found.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
    return found;
  }
}
