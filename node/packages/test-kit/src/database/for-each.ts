/// <reference types="mocha" />
import type { Store } from "@maxq/db";
import type { TestDatabase } from "./database.js";
import { postgresDatabase } from "./postgres.js";
import { sqliteDatabase } from "./sqlite.js";

const KINDS = [
  ["SQLite", sqliteDatabase],
  ["PostgreSQL", postgresDatabase],
] as const;

/**
 * Defines a mocha suite once for each database, with a database of its own that is removed afterwards. Use `openStore` and `database` inside hooks and tests only:
 * the database is made by the suite's first hook.
 */
export function forEachDatabase(
  suite: (openStore: () => Promise<Store>, database: TestDatabase) => void,
): void {
  for (const [title, create] of KINDS) {
    describe(`on ${title}`, () => {
      let database: TestDatabase | null = null;
      before(async () => {
        database = await create();
      });
      after(() => database?.drop());
      const made = (): TestDatabase => {
        if (database === null)
          throw new Error("The database is made by a hook: use it in hooks and tests only.");
        return database;
      };
      suite(() => made().openStore(), {
        title,
        get environment() {
          return made().environment;
        },
        openStore: () => made().openStore(),
        query: (sql) => made().query(sql),
        turnClock: (byMs) => made().turnClock(byMs),
        drop: () => made().drop(),
      });
    });
  }
}
