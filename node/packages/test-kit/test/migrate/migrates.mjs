import { migratePostgres } from "@maxq/db-postgres";
import { migrateSqlite } from "@maxq/db-sqlite";

// Migrates the database of its first argument with the migrations of its second.
const [, , target, migrationsDirectory] = process.argv;
const result = target.startsWith("postgres")
  ? await migratePostgres({ url: target, migrationsDirectory })
  : await migrateSqlite({ file: target, migrationsDirectory });
console.log(JSON.stringify(result));
