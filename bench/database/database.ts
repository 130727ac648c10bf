import type { DatabaseKind } from "../case.js";

/** A durable database with the current schema, and a look behind it. */
export interface BenchDatabase {
  readonly kind: DatabaseKind;
  /** What an engine needs in its environment to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Of PostgreSQL; null on SQLite. */
  readonly url: string | null;
  /** Of SQLite; null on PostgreSQL. */
  readonly file: string | null;
  /** Runs SQL of the bench's own, a statement without parameters, and answers its rows. */
  query<R extends object>(sql: string): Promise<R[]>;
  /** CPU time of the database's processes since they started, in ms; 0 on SQLite, whose work is the engine's. */
  cpuMs(): number;
  /** Statements that its clients have sent, the bench's own aside. Needs `countStatements`; always 0 on SQLite. */
  statements(): Promise<number>;
  /** How many deadlocks the server's log tells of. */
  deadlocks(): number;
}

/** Anything here but `own` makes a database server for this case alone; in a smoke run all share one, which counts statements and has the settings that cases ask for (`forAllCases`). */
export interface DatabaseOptions {
  /** Every flush of a file takes 5 ms longer, by a library that `cc` makes here. On SQLite it is in the engines' environment, and hidden from scripts. */
  readonly slowFsync?: boolean;
  /** Loads `pg_stat_statements`. */
  readonly countStatements?: boolean;
  /** PostgreSQL's own settings: `["shared_buffers=1GB"]`. */
  readonly settings?: readonly string[];
  /** The database is not shared with other cases, not even in the smoke run. */
  readonly own?: boolean;
}
