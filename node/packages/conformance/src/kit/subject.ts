import type { Store } from "@maxq/db";

/** A database under test, empty at first. */
export interface Subject {
  readonly store: Store;
  /** A Store of its own connections on the same database, where the database allows a second one; else `store` again. */
  readonly other: Store;
  /** Turns the database's clock forward, by so many ms. */
  turnClock(ms: number): Promise<void>;
  /** Runs SQL of the test's own, to look behind the Store. */
  query<R extends object>(sql: string): Promise<R[]>;
  close(): Promise<void>;
}
