import type { Store } from "@maxq/db";
import { openPostgresStore } from "@maxq/db-postgres";
import pg from "pg";
import { createDatabase } from "../postgres/database.js";
import type { TestDatabase } from "./database.js";

const WALL_CLOCK = "(extract(epoch from statement_timestamp()) * 1000)::bigint";

/** A database on the PostgreSQL server of this test run. */
export async function postgresDatabase(): Promise<TestDatabase> {
  const created = await createDatabase();
  const { url } = created;
  const stores: Store[] = [];
  let shift = 0;
  const query = async <R extends object>(sql: string): Promise<R[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<R>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    title: "PostgreSQL",
    environment: { MAXQ_DATABASE_URL: url },
    query,
    async openStore() {
      const store = await openPostgresStore({ url });
      stores.push(store);
      return store;
    },
    async turnClock(byMs) {
      shift += byMs;
      await query(
        `create or replace function now_ms() returns bigint language sql stable as 'select ${WALL_CLOCK} + ${shift}'`,
      );
    },
    async drop() {
      for (const store of stores) await store.close();
      await created.drop();
    },
  };
}
