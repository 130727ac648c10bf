export { openSqliteStore, type SqliteStoreOptions } from "./open.js";
export { openSqliteDriver, type SqliteDriver, type SqliteDriverOptions } from "./driver/driver.js";
export { databaseExists } from "./connection/exists.js";
export { migrateSqlite, sqliteKnexConfig, type MigrateSqliteOptions } from "./migrate/migrate.js";
export { DatabaseInUse, lockDatabase, type DatabaseLock } from "./lock/lock.js";
