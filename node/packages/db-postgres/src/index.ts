export { openPostgresStore, type PostgresStoreOptions } from "./open.js";
export { openPostgresDriver, type PostgresDriverOptions } from "./driver/open.js";
export type { PostgresDriver } from "./driver/driver.js";
export type { HotConnection } from "./hot/connection.js";
export { postgresObstacle } from "./migrate/obstacle.js";
export { migratePostgres, postgresKnexConfig, type MigratePostgresOptions } from "./migrate/migrate.js";
