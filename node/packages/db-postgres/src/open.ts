import { createStore, type Store } from "@maxq/db";
import { openPostgresDriver, type PostgresDriverOptions } from "./driver/open.js";
import { createFastExchange } from "./exchange/fast-exchange.js";

/** See there. */
export type PostgresStoreOptions = PostgresDriverOptions;

/** Opens the Store on a PostgreSQL database. Rejects as `openPostgresDriver` does. Its schema is `migratePostgres`'s business. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const driver = await openPostgresDriver(options);
  return createStore(driver, createFastExchange(driver));
}
