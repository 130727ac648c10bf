import { hash } from "node:crypto";

const blockBytes = 64;
const macBytes = 32;

/**
 * HMAC-SHA256 of messages of one length with one key. Every start of a script signs a token, and `createHmac` makes a native object each time: a tenth of the engine's CPU
 * time in a fan-out. With the key's two blocks prepared (RFC 2104) it is two one-shot hashes, whose digests as text take half of what they take as buffers.
 */
export class Hmac {
  /** Where the message is written before it is signed. */
  readonly message: Buffer;
  readonly #inner: Buffer;
  readonly #outer = Buffer.alloc(blockBytes + macBytes);

  constructor(secret: string, messageBytes: number) {
    this.#inner = Buffer.alloc(blockBytes + messageBytes);
    this.message = this.#inner.subarray(blockBytes);
    const bytes = Buffer.from(secret);
    const key = Buffer.alloc(blockBytes);
    (bytes.length > blockBytes ? hash("sha256", bytes, "buffer") : bytes).copy(key);
    key.forEach((byte, at) => {
      this.#inner[at] = byte ^ 0x36;
      this.#outer[at] = byte ^ 0x5c;
    });
  }

  /** The message's code, a byte in each character. */
  sign(): string {
    this.#outer.write(hash("sha256", this.#inner, "binary"), blockBytes, "binary");
    return hash("sha256", this.#outer, "binary");
  }
}
