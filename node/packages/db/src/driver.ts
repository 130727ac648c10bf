import type { Health, WakeUp } from "./store/store.js";

/** Parameters of a statement, by name. Arrays are native arrays on PostgreSQL and JSON text on SQLite; booleans are 0/1 on SQLite. */
export type Params = Readonly<
  Record<string, string | number | boolean | null | readonly (string | null)[] | readonly (number | null)[]>
>;

/** Runs statements by name: `run.insert` is `sql/run/insert.sql`, the same name in every adapter. */
export interface Statements {
  /** All rows. Columns are named in camelCase by the statement itself; int8 are numbers; booleans of SQLite are 0/1. */
  all<R extends object>(statement: string, params?: Params): Promise<R[]>;
  /** How many rows were moved. */
  run(statement: string, params?: Params): Promise<number>;
}

/** A transaction: only what runs through it is in it. Its existence says that locks taken are held. */
export interface Tx extends Statements {
  /** Tells listeners of every process once this transaction has committed, and never if it does not. Repeats are dropped. */
  wake(wakeUp: WakeUp): void;
}

/** What an adapter must bring so that the verbs, written once, run on it. */
export interface Driver extends Statements {
  /** Whether two large sets are joined at once, by a hash of one of them. Without that each row of one is looked up in the other. */
  readonly hashesJoins: boolean;
  /** About how many rows a statement would give, found without running it where the database has statistics; else counted as far as `bound`, which is 100,000 at the most and without it: as many, then, are at least as many. */
  estimate(statement: string, params: Params, bound?: number): Promise<number>;
  /** READ COMMITTED or stricter. Rolls back and rejects if `work` rejects; rejects with `DatabaseUnavailable` if the database is away. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  onWakeUp(listener: (wakeUp: WakeUp) => void): () => void;
  wakeUpsHealthy(): boolean;
  /** A message to oneself that a statement which is sent anyway may carry, to see that wake-ups still arrive; null if there is no need. Each is taken once. */
  takeEcho(): string | null;
  /** For `Store.health`: which database, and how its schema relates to the migrations that this program knows. */
  health(): Promise<Health>;
  close(): Promise<void>;
}
