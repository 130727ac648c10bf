import { createHmac, timingSafeEqual } from "node:crypto";
import type { ScriptCaller } from "./caller.js";

const prefix = "mxt_";
const claimBytes = 28;
const macBytes = 32;
const textLength = prefix.length + ((claimBytes + macBytes) * 4) / 3;

/**
 * The token of one attempt: run, step key and attempt number, signed with HMAC-SHA256. Safe in a URL's path as it is.
 * It holds no expiry: a write asks the store whether the attempt still lives.
 */
export function signToken(secret: string, { runId, ref }: ScriptCaller): string {
  const claim = Buffer.alloc(claimBytes);
  claim.write(runId.replaceAll("-", ""), 0, 16, "hex");
  claim.writeBigUInt64BE(BigInt(ref.key), 16);
  claim.writeUInt32BE(ref.attempt, 24);
  return prefix + Buffer.concat([claim, mac(secret, claim)]).toString("base64url");
}

/** What a token stands for; null if it is none of ours. Compares in constant time. */
export function readToken(secret: string, token: string): ScriptCaller | null {
  if (token.length !== textLength || !token.startsWith(prefix)) return null;
  const bytes = Buffer.from(token.slice(prefix.length), "base64url");
  if (bytes.length !== claimBytes + macBytes) return null;
  const claim = bytes.subarray(0, claimBytes);
  if (!timingSafeEqual(mac(secret, claim), bytes.subarray(claimBytes))) return null;
  const hex = claim.toString("hex", 0, 16);
  return {
    runId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    ref: { key: Number(claim.readBigUInt64BE(16)), attempt: claim.readUInt32BE(24) },
  };
}

function mac(secret: string, claim: Buffer): Buffer {
  return createHmac("sha256", secret).update(claim).digest();
}
