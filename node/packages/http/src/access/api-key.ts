import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Store } from "@maxq/db";

/** Tells whether a bearer is the server's key. */
export type KeyCheck = (bearer: string) => Promise<boolean>;

/** The setting under which a generated key is kept; `maxq key` reads and replaces it. */
export const apiKeySetting = "api_key";

/** A new random key: 32 bytes as base64url. */
export function randomKey(): string {
  return randomBytes(32).toString("base64url");
}

/** Compares with a key that never changes. */
export function fixedKey(key: string): KeyCheck {
  const matches = comparison(key);
  return (bearer) => Promise.resolve(matches(bearer));
}

const freshForMs = 5_000;
const askAgainAfterMs = 500;

/**
 * Compares with the key that is kept in the database, made there by the first server. A replaced key counts within five seconds;
 * while the database is away the last one known does.
 */
export async function generatedKey(store: Store): Promise<KeyCheck> {
  let matches = comparison(await store.settingOnce(apiKeySetting, randomKey()));
  let readAt = performance.now();
  const read = async (): Promise<void> => {
    readAt = performance.now();
    const key = await store.setting(apiKeySetting).catch(() => null);
    if (key !== null) matches = comparison(key);
  };
  return async (bearer) => {
    const ageMs = performance.now() - readAt;
    if (ageMs > freshForMs) await read();
    else if (ageMs > askAgainAfterMs && !matches(bearer)) await read();
    return matches(bearer);
  };
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function comparison(key: string): (bearer: string) => boolean {
  const expected = digest(key);
  return (bearer) => timingSafeEqual(expected, digest(bearer));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
