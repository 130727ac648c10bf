import { migratePostgres } from "@maxq/db-postgres";
import pg from "pg";
import { afterAllTests } from "../cleanup.js";
import { testServer } from "./server.js";

const PREFIX = "maxq_test_";
/** Databases of runs that were killed on a server that outlived them. */
const STALE_MS = 6 * 3_600_000;

const run = `${PREFIX}${Date.now().toString(36)}_${process.pid}`;
let count = 0;
let template: Promise<string> | null = null;

afterAllTests(async () => {
  if (template !== null)
    await dropDatabase(await template.catch(() => `${run}_template`)).catch(() => undefined);
});

/** A database of its own, and how to be rid of it. */
export interface CreatedDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** Creates a database with the current schema: a copy of one that was migrated once. */
export async function createDatabase(): Promise<CreatedDatabase> {
  template ??= createTemplate();
  return created(`template ${await template}`);
}

/** Creates a database without anything in it. */
export function createEmptyDatabase(): Promise<CreatedDatabase> {
  return created("");
}

async function created(from: string): Promise<CreatedDatabase> {
  const name = `${run}_${++count}`;
  await onServer(`create database ${name} ${from}`);
  return { url: await urlOf(name), drop: () => dropDatabase(name) };
}

async function createTemplate(): Promise<string> {
  await dropStale();
  const name = `${run}_template`;
  await onServer(`create database ${name}`);
  await migratePostgres({ url: await urlOf(name) });
  return name;
}

async function dropStale(): Promise<void> {
  const databases = await onServer<{ name: string }>(
    `select datname as name from pg_database where datname like '${PREFIX}%'`,
  );
  for (const { name } of databases) {
    const made = parseInt(name.slice(PREFIX.length).split("_")[0] ?? "", 36);
    if (Date.now() - made > STALE_MS) await dropDatabase(name).catch(() => undefined);
  }
}

// `with (force)` is PostgreSQL 13's.
async function dropDatabase(name: string): Promise<void> {
  await onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
  await onServer(`drop database if exists ${name}`);
}

async function urlOf(name: string): Promise<string> {
  const url = new URL((await testServer()).url);
  url.pathname = `/${name}`;
  return url.href;
}

const BUSY = "55006";
const TRIES = 1_500;

/** Tries again while a backend that was told to end has not. */
async function onServer<R extends object>(statement: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: (await testServer()).url });
  await client.connect();
  try {
    for (let tries = 1; ; tries++) {
      try {
        return (await client.query<R>(statement)).rows;
      } catch (error) {
        if ((error as { code?: string }).code !== BUSY || tries === TRIES) throw error;
        await client.query("select pg_sleep(0.02)");
      }
    }
  } finally {
    await client.end();
  }
}
