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

/**
 * Compares with the key that is kept in the database, made there by the first server. A key that does not match is compared with what is kept now,
 * so a new key counts at once, and a replaced one no longer than five seconds; while the database is away the last one known counts.
 * Wrong keys, however many, cost one read at a time.
 */
export async function generatedKey(store: Store): Promise<KeyCheck> {
  let matches = comparison(await store.settingOnce(apiKeySetting, randomKey()));
  let readAt = performance.now();
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  const read = async (): Promise<void> => {
    waiting = null;
    readAt = performance.now();
    const key = await store.setting(apiKeySetting).catch(() => null);
    if (key !== null) matches = comparison(key);
  };
  // One is under way at most, and one waits for its end: it starts later than everybody who joined it asked.
  const refresh = (): Promise<void> => (waiting ??= last = last.then(read));
  return async (bearer) => {
    if (performance.now() - readAt > freshForMs || !matches(bearer)) await refresh();
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
