import { apiKeySetting, randomKey } from "@maxq/http";
import type { Store } from "@maxq/db";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { databaseOf, describeDatabase } from "../compose/database.js";
import { openStoreToLook } from "../compose/look-store.js";
import { settingsOrComplain } from "../settings/or-complain.js";

/** `maxq key`: prints the key that a server made for itself. With `rotate`, replaces it first. */
export async function key(invocation: Invocation, rotate: boolean): Promise<number> {
  const settings = settingsOrComplain(invocation);
  if (settings === null) return exitCode.usage;
  if (settings.apiKey !== null) {
    invocation.err(
      "maxq: MAXQ_API_KEY or MAXQ_API_KEY_FILE is set: that is the key, and no generated one is in use.",
    );
    return exitCode.failure;
  }
  const database = databaseOf(settings);
  const store = await openStoreToLook(database);
  const value = store === null ? null : await keyOf(store, rotate).finally(() => store.close());
  if (value !== null) {
    invocation.out(invocation.json ? JSON.stringify({ key: value }) : value);
    return exitCode.success;
  }
  invocation.err(
    `maxq: no key has been made yet in ${describeDatabase(database)}. A server makes one when it first listens on an address other than loopback.`,
  );
  return exitCode.failure;
}

async function keyOf(store: Store, rotate: boolean): Promise<string | null> {
  const { schema } = await store.health();
  if (schema !== "current") return null;
  if (!rotate) return store.setting(apiKeySetting);
  const value = randomKey();
  await store.replaceSetting(apiKeySetting, value);
  return value;
}
