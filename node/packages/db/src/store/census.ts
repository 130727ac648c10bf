import type { RunStatus } from "@maxq/core";

/** How many of one kind (steps, or flow calls) are on their way. What waits for other steps is in none of these. */
export interface Underway {
  /** Could start now, and waits for a slot. */
  readonly waiting: number;
  /** Waits for the time of its retry. */
  readonly delayed: number;
  /** Belongs to a worker that has not started it. */
  readonly claimed: number;
  readonly running: number;
  /** For how long the first in the queue has been waiting, in ms; null if none waits. Of each priority only the first are looked at. */
  readonly oldestMs: number | null;
}

/** What the database holds, in numbers, at one moment. */
export interface Census {
  /** By status: exact to 10,000, an estimate beyond. */
  readonly runs: Readonly<Record<RunStatus, number>>;
  /** What waits is exact to 10,000 and an estimate beyond; the rest is counted no further than that. */
  readonly steps: Underway;
  readonly calls: Underway;
  /** Workers by state; `lost` ones that have not come back. */
  readonly workers: { readonly live: number; readonly draining: number; readonly lost: number };
}

/** What is measured of the database itself. */
export interface CensusStore {
  /** Reads indexes, a bounded part of them, and takes no locks: some ms with a million runs. Meant for once in some seconds. Rejects with `DatabaseUnavailable`. */
  census(): Promise<Census>;
}
