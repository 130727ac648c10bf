import { postgresPlace, readPostgresUrl } from "@maxq/core";
import type { ClientBase, ClientConfig } from "pg";
import { connectFault } from "./fault.js";
import { columnTypes } from "./types.js";

/** How to reach the database, and how long to wait for it. All times in ms. */
export interface ConnectionOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** What `pg_stat_activity` shows. Default `maxq`. */
  readonly applicationName?: string | undefined;
  /** Longest statement; then it is cancelled. Default 30,000. */
  readonly statementTimeoutMs?: number | undefined;
  /** Longest wait for a lock. Default 10,000. */
  readonly lockTimeoutMs?: number | undefined;
  /** Longest wait for a new connection. Default 5,000. */
  readonly connectTimeoutMs?: number | undefined;
}

/** A server that cancels has this long to say so; after that the network is taken for dead and the connection given up. */
const ANSWER_MARGIN_MS = 2_000;

/** So long a last word, or a goodbye, may take on closing, in ms: a dead network does not answer. */
export const GOODBYE_MS = 500;

/** Settings of every connection of ours. */
export function clientConfig(options: ConnectionOptions): ClientConfig {
  return {
    connectionString: connectionString(options.url),
    application_name: options.applicationName ?? "maxq",
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    query_timeout: (options.statementTimeoutMs ?? 30_000) + ANSWER_MARGIN_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types: columnTypes,
  };
}

/**
 * Sets the session up. By statement, not as startup options, which poolers refuse. An open transaction that nobody drives is ended, so that its
 * locks are. No parallel plans: starting a worker takes longer than any of our statements should (a page of runs 75 ms instead of 5), and the CPU is the scripts'.
 * NULL in a list is NULL, not the word.
 * Rejects with `DatabaseUnavailable`. No plans compiled to machine code, for the same reason: a server that can does so where the planner expects much work, and took 150 ms for a count of 4.
 */
export async function setUpSession(client: ClientBase, options: ConnectionOptions, more = ""): Promise<void> {
  const statement = options.statementTimeoutMs ?? 30_000;
  const lock = options.lockTimeoutMs ?? 10_000;
  await equipSession(
    client,
    `set statement_timeout = ${statement}; set lock_timeout = ${lock}; set idle_in_transaction_session_timeout = ${statement}; set max_parallel_workers_per_gather = 0; set jit = off; set array_nulls = on; ${more}`,
  );
}

/** Makes in a session what later statements need of it. Rejects with `DatabaseUnavailable`: it is not a statement of theirs that fails. */
export async function equipSession(client: ClientBase, statements: string): Promise<void> {
  try {
    await client.query(statements);
  } catch (error) {
    throw connectFault("as it is set up", error);
  }
}

/** Server and database of an address, without user and password, for messages. Throws, without repeating it, if it is no PostgreSQL address. */
export function placeOf(url: string): string {
  const read = readPostgresUrl(url);
  if (read === null)
    throw new Error(
      "The database URL is not a PostgreSQL address: it should read postgres://user:password@host:port/database, the password percent-encoded (@ is %40, / is %2F).",
    );
  return postgresPlace(read);
}

/** As pg reads it. What asks for encryption gets a server whose name and certificate are checked: pg does so, too, for these modes, with a long warning that it will not for ever. */
function connectionString(url: string): string {
  const read = readPostgresUrl(url);
  if (read === null) return url;
  const { searchParams } = read;
  if (["require", "verify-ca"].includes(searchParams.get("sslmode") ?? ""))
    searchParams.set("sslmode", "verify-full");
  return read.href;
}
