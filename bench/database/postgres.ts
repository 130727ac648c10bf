import { migratePostgres } from "@maxq/db-postgres";
import pg from "pg";
import type { BenchDatabase } from "./database.js";
import type { PostgresServer } from "./postgres-server.js";

/** Not counted among the statements. */
const OWN = "/* bench */";

let count = 0;

/** Makes a database with the current schema on this server, and answers it with the way to be rid of it. */
export async function createPostgresDatabase(
  server: PostgresServer,
  countStatements: boolean,
): Promise<BenchDatabase & { drop(): Promise<void> }> {
  const name = `bench_${++count}`;
  await query(server.url, `create database ${name}`);
  const url = server.url.replace(/[^/]+$/, name);
  await migratePostgres({ url });
  if (countStatements) await query(url, "create extension pg_stat_statements");
  return {
    kind: "postgres",
    env: { MAXQ_DATABASE_URL: url },
    url,
    file: null,
    query: (sql) => query(url, sql),
    cpuMs: () => server.cpuMs(),
    statements: async () => Number((await query<{ calls: string }>(url, counted))[0]!.calls),
    deadlocks: () => server.deadlocks(),
    drop: async () => {
      await query(server.url, `drop database ${name} with (force)`);
    },
  };
}

const counted = `select coalesce(sum(calls), 0) as calls from pg_stat_statements s join pg_database d on d.oid = s.dbid
  where d.datname = current_database() and s.query not like '${OWN.replaceAll("*", "%")}%'`;

async function query<R extends object>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(`${OWN} ${sql}`)).rows;
  } finally {
    await client.end();
  }
}
