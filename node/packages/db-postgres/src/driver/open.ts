import { loadStatements } from "@maxq/db";
import { defaultMigrationsDirectory, knownMigrations } from "@maxq/db/migrate";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Pool, PoolClient } from "pg";
import { Client } from "../connection/client.js";
import { clientConfig, placeOf, type ConnectionOptions } from "../connection/config.js";
import { Connections } from "../connection/connections.js";
import { postgresFault } from "../connection/fault.js";
import { createPool, giveUpIdle } from "../connection/pool.js";
import { Watch } from "../connection/watch.js";
import { HotConnection } from "../hot/connection.js";
import { StatementFiles } from "../statement/tinypg.js";
import { WakeUpBoard } from "../wake/board.js";
import { Listener } from "../wake/listener.js";
import { Teller } from "../wake/teller.js";
import { notification } from "../wake/message.js";
import { PostgresDriver } from "./driver.js";

/** How to connect, and what the connections are for. */
export interface PostgresDriverOptions extends ConnectionOptions {
  /** Connections in the pool; one for the hot statements and one that listens come on top. Default 4. */
  readonly poolSize?: number | undefined;
  /** Whether the pool prepares its statements. Default: unless there is a pooler in between, which may hand out another connection for each transaction. */
  readonly prepare?: boolean | undefined;
  /** How often to check that wake-ups arrive, when none did, in ms. Default 10,000. */
  readonly echoEveryMs?: number | undefined;
  /** It only looks things up, for which the right to make temporary objects is not needed. */
  readonly onlyLooks?: boolean | undefined;
  /** Where the statement files are; the package's own by default. */
  readonly sqlDirectory?: string | undefined;
  /** The migrations that this program knows; those that came with it by default. */
  readonly migrationsDirectory?: string | undefined;
}

/** The statement files of this package. */
export const SQL_DIRECTORY = fileURLToPath(new URL("../../sql", import.meta.url));

/** The oldest PostgreSQL that will do, 12, as `server_version_num` says it. */
const OLDEST = 120_000;

/** Connects. Rejects with `DatabaseUnavailable` if the database cannot be reached, with a plain error if it is none that MaxQ can use. */
export async function openPostgresDriver(options: PostgresDriverOptions): Promise<PostgresDriver> {
  const place = placeOf(options.url);
  const directory = options.sqlDirectory ?? SQL_DIRECTORY;
  const statements = loadStatements(directory);
  const connections = new Connections();
  const pool = createPool(options, options.poolSize ?? 4, connections);
  try {
    const { pooled } = await inspectServer(pool, place, options.onlyLooks === true);
    const files = new StatementFiles(pool, directory, statements, options.prepare ?? !pooled);
    const origin = randomUUID();
    const board = new WakeUpBoard();
    const makeRoom = (): Promise<void> => giveUpIdle(pool);
    const hot = new HotConnection(
      { ...options, pooled, makeRoom },
      statements,
      directory,
      origin,
      board,
      connections,
    );
    const listener = listen(options, connections, pool, board, origin);
    const teller = new Teller(pool, origin);
    const known = knownMigrations(options.migrationsDirectory ?? defaultMigrationsDirectory());
    const watch = new Watch(options, connections);
    listener.start();
    // A pooler names processes of its own.
    if (!pooled) watch.start();
    return new PostgresDriver({
      connections,
      watch,
      pool,
      files,
      statements,
      hot,
      board,
      listener,
      teller,
      origin,
      pooled,
      knownMigrations: known,
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
}

function listen(
  options: PostgresDriverOptions,
  connections: Connections,
  pool: Pool,
  board: WakeUpBoard,
  origin: string,
): Listener {
  const config = clientConfig({
    ...options,
    applicationName: `${options.applicationName ?? "maxq"} listener`,
  });
  return new Listener({
    makeClient: () => new Client(config, connections),
    origin,
    echoEveryMs: options.echoEveryMs ?? 10_000,
    sendEcho: async () => {
      await pool.query(notification({ from: origin }));
    },
    receive: (message) => board.tell(message.wake ? [message.wake] : []),
    onHealthy: () => board.tell([{ reason: "work" }]),
  });
}

/** Rejects if the server is too old, the database cannot hold all text, or the role lacks a right that it will need. `pooled`: what answers is not the server itself, because the process that it names is not the one that works. */
async function inspectServer(
  pool: Pool,
  place: string,
  onlyLooks: boolean,
): Promise<{ readonly pooled: boolean }> {
  const text =
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version, pg_backend_pid() as pid," +
    " current_setting('server_encoding') as encoding, has_database_privilege(current_database(), 'TEMPORARY') as temporary, quote_ident(current_database()) as database, quote_ident(current_user) as role";
  const told = (error: unknown): never => {
    throw postgresFault(`at ${place}`, error);
  };
  const client: NamedByServer = await pool.connect().catch(told);
  try {
    const { rows } = await client.query<Inspected>(text).catch(told);
    const { number, version, pid, encoding, temporary, database, role } = rows[0]!;
    if (number < OLDEST)
      throw new Error(`The database at ${place} is PostgreSQL ${version}: MaxQ needs 12 or later.`);
    // Text in UTF-8 that it has no characters for would be refused when it comes: what a script printed, say, when it has ended.
    if (encoding !== "UTF8")
      throw new Error(
        `The database ${database} at ${place} is encoded in ${encoding}, which cannot hold what scripts and requests may say: make one with CREATE DATABASE name TEMPLATE template0 ENCODING 'UTF8', and copy what is in this one with pg_dump.`,
      );
    if (!temporary && !onlyLooks)
      throw new Error(
        `The role ${role} may not make temporary objects in the database at ${place}, which MaxQ keeps functions in: GRANT TEMPORARY ON DATABASE ${database} TO ${role}.`,
      );
    return { pooled: client.processID !== pid };
  } finally {
    client.release();
  }
}

interface Inspected {
  readonly number: number;
  readonly version: string;
  readonly pid: number;
  readonly encoding: string;
  /** The right to make temporary objects. */
  readonly temporary: boolean;
  /** Names, as SQL has them. */
  readonly database: string;
  readonly role: string;
}

/** What pg knows of a connection and its types do not say. */
interface NamedByServer extends PoolClient {
  readonly processID?: number | null;
}
