import { createStore, type Store } from "@maxq/db";
import { openPostgresDriver, type PostgresDriverOptions } from "./driver/open.js";
import { createFastExchange } from "./exchange/fast-exchange.js";
import { createFastCreate } from "./run/fast-create.js";
import { createFastSchedule } from "./stage/fast-schedule.js";
import { StageOffers } from "./stage/offers.js";

/** See there. */
export type PostgresStoreOptions = PostgresDriverOptions;

/** Opens the Store on a PostgreSQL database. Rejects as `openPostgresDriver` does. Its schema is `migratePostgres`'s business. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const driver = await openPostgresDriver(options);
  const offers = new StageOffers(() => driver.tellHere([{ reason: "work" }]));
  const exchange = createFastExchange(driver, offers);
  if (!driver.keepsSessions) return createStore(driver, { exchange });
  return createStore(driver, {
    exchange,
    createRun: createFastCreate(driver),
    scheduleStage: createFastSchedule(driver, offers),
  });
}
