import { createStore, type Driver, type Store } from "@maxq/db";
import { migratePostgres, openPostgresDriver, openPostgresStore } from "@maxq/db-postgres";
import { migrateSqlite, openSqliteDriver } from "@maxq/db-sqlite";
import { aFolder, createEmptyDatabase } from "@maxq/test-kit";
import { join } from "node:path";

/** A database, by its driver and by a store of its own. */
export interface Opened {
  readonly driver: Driver;
  /** What fills the database. */
  readonly store: Store;
  readonly end: () => Promise<void>;
}

/** Every adapter, by its name. */
export const adapters: Record<string, () => Promise<Opened>> = {
  async SQLite() {
    const file = join(aFolder("adapters"), "maxq.db");
    await migrateSqlite({ file });
    const driver = await openSqliteDriver({ file });
    return { driver, store: createStore(driver), end: () => driver.close() };
  },
  async PostgreSQL() {
    const { url, drop } = await createEmptyDatabase();
    await migratePostgres({ url });
    const driver = await openPostgresDriver({ url });
    const store = await openPostgresStore({ url });
    return { driver, store, end: () => store.close().then(() => driver.close().then(drop)) };
  },
};
