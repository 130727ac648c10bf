import { createStore, type Store } from "@maxq/db";
import { parentPort, workerData } from "node:worker_threads";
import { openSqliteDriver } from "../driver/driver.js";
import { lockDatabase } from "../lock/lock.js";
import { serve } from "./serve.js";
import type { ThreadOptions } from "./options.js";

/** The thread of `openSqliteStore`: takes the lock, which lives and dies with it, opens the database, and serves its Store. */
await serve(parentPort!, async () => {
  const { file, sqlDirectory, migrationsDirectory, clockShift, waitMs } = workerData as ThreadOptions;
  const lock = await lockDatabase(file, "server", waitMs);
  try {
    const now = (): number => Date.now() + (clockShift?.[0] ?? 0);
    const store = createStore(await openSqliteDriver({ file, sqlDirectory, migrationsDirectory, now }));
    return closing(store, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
});

/** The same store, which afterwards does one thing more. */
function closing(store: Store, afterwards: () => void): Store {
  const close = store.close.bind(store);
  store.close = () => close().finally(afterwards);
  return store;
}
