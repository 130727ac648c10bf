import { timingSafeEqual } from "node:crypto";
import { tokenPrefix } from "@maxq/core";
import type { ScriptCaller } from "./caller.js";
import { Hmac } from "./hmac.js";

const claimBytes = 28;
const macBytes = 32;
const textLength = tokenPrefix.length + ((claimBytes + macBytes) * 4) / 3;

/** Makes and reads the tokens of attempts: run, step key and attempt number, signed with HMAC-SHA256. */
export class Tokens {
  readonly #hmac: Hmac;
  readonly #bytes = Buffer.alloc(claimBytes + macBytes);

  /** All servers that know the secret accept each other's tokens. */
  constructor(secret: string) {
    this.#hmac = new Hmac(secret, claimBytes);
  }

  /** The token of one attempt. Safe in a URL's path as it is. It holds no expiry: a write asks the store whether the attempt still lives. */
  sign({ runId, ref }: ScriptCaller): string {
    const claim = this.#hmac.message;
    claim.fill(0, 0, 16);
    claim.write(runId.replaceAll("-", ""), 0, 16, "hex");
    claim.writeUInt32BE(Math.floor(ref.key / 2 ** 32), 16);
    claim.writeUInt32BE(ref.key >>> 0, 20);
    claim.writeUInt32BE(ref.attempt, 24);
    claim.copy(this.#bytes);
    this.#bytes.write(this.#hmac.sign(), claimBytes, "latin1");
    return tokenPrefix + this.#bytes.toString("base64url");
  }

  /** What a token stands for; null if it is none of ours. Compares in constant time. */
  read(token: string): ScriptCaller | null {
    if (token.length !== textLength || !token.startsWith(tokenPrefix)) return null;
    const bytes = Buffer.from(token.slice(tokenPrefix.length), "base64url");
    if (bytes.length !== claimBytes + macBytes) return null;
    const claim = bytes.subarray(0, claimBytes);
    claim.copy(this.#hmac.message);
    const mac = Buffer.from(this.#hmac.sign(), "latin1");
    if (!timingSafeEqual(mac, bytes.subarray(claimBytes))) return null;
    const hex = claim.toString("hex", 0, 16);
    return {
      runId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
      ref: { key: Number(claim.readBigUInt64BE(16)), attempt: claim.readUInt32BE(24) },
    };
  }
}
