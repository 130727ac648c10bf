export { openSqliteStore, type SqliteStoreOptions } from "./open.js";
export { openSqliteDriver, type SqliteDriver, type SqliteDriverOptions } from "./driver/driver.js";
export { migrateSqlite, sqliteKnexConfig, type MigrateSqliteOptions } from "./migrate/migrate.js";
export { DatabaseInUse } from "./lock/lock.js";
