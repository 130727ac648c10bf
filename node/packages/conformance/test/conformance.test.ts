import { postgresDatabase, sqliteDatabase, type TestDatabase } from "@maxq/test-kit";
import { conformance, type Subject } from "../src/index.js";

for (const [title, create] of [
  ["SQLite", sqliteDatabase],
  ["PostgreSQL", postgresDatabase],
] as const) {
  describe(`the Store on ${title}`, () => conformance(async () => subjectOf(await create())));
}

async function subjectOf(database: TestDatabase): Promise<Subject> {
  return {
    store: await database.openStore(),
    other: await database.openStore(),
    turnClock: (ms) => database.turnClock(ms),
    query: (sql) => database.query(sql),
    close: () => database.drop(),
  };
}
