import type { Store } from "@maxq/db";

/** A database with the current schema and nothing in it, for one suite. */
export interface TestDatabase {
  /** For the titles of suites. */
  readonly title: string;
  /** What a server process needs in its environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Another Store on it: of another process where the database serves several, else a handle on the one that there can be. Closed after the suite. */
  openStore(): Promise<Store>;
  /** Runs SQL of the test's own, to look behind the Store. */
  query<R extends object>(sql: string): Promise<R[]>;
  /** Adds to the database's clock, for all stores on it. */
  turnClock(byMs: number): Promise<void>;
  /** Closes the stores that are still open and removes it. */
  drop(): Promise<void>;
}
