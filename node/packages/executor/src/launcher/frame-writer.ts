/** Gathers frames in one buffer, so that all frames of a tick leave in one write. */
export class FrameWriter {
  #buffer = Buffer.allocUnsafe(16_384);
  #length = 0;
  #frameAt = 0;

  get length(): number {
    return this.#length;
  }

  begin(type: number): this {
    this.#reserve(5);
    this.#frameAt = this.#length;
    this.#length += 4;
    this.#buffer[this.#length++] = type;
    return this;
  }

  /** Throws if it does not fit: what is sent here is bounded where it is set. */
  u32(value: number): this {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
    return this;
  }

  f64(value: number): this {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
    return this;
  }

  /** The text as it is; callers bring their own NULs. */
  text(value: string): this {
    this.#reserve(value.length * 3); // the most that UTF-8 needs for a UTF-16 unit
    this.#length += this.#buffer.write(value, this.#length, "utf8");
    return this;
  }

  bytes(value: Buffer): this {
    this.#reserve(value.length);
    this.#length += value.copy(this.#buffer, this.#length);
    return this;
  }

  end(): void {
    this.#buffer.writeUInt32LE(this.#length - this.#frameAt - 4, this.#frameAt);
  }

  /** All frames since the last call; the caller owns the bytes. */
  take(): Buffer {
    const frames = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return frames;
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(wanted * 2);
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
