/** Ms that a batch should take: others wait no longer for what it holds. */
const TARGET_MS = 20;

/** For each ms of work this many of rest: a fifth of one connection's time at most. */
const REST = 4;

/** No longer rest than this, in ms: under load that lasts, when every batch is slow, what is removed must still keep up with what comes. */
const LONGEST_REST_MS = 100;

/** A commit and ten round trips are most of what a smaller batch costs: on a busy PostgreSQL 200 rows took as long as 500. */
const FEWEST_ROWS = 500;

const MOST_ROWS = 4_000;

/** How many rows a batch takes, and how long the pause after it is: both follow from how long batches took, so that a slow or busy database gets small ones far apart. */
export class Pace {
  #rows = FEWEST_ROWS;

  /** For the next batch. */
  get rows(): number {
    return this.#rows;
  }

  /** Notes what a batch took, in ms, and answers the ms until the next. */
  took(ms: number): number {
    // Not in one leap: a single slow batch may have waited for somebody else's disk.
    const factor = Math.min(1.5, Math.max(0.5, TARGET_MS / Math.max(ms, 1)));
    this.#rows = Math.round(Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, this.#rows * factor)));
    return Math.min(LONGEST_REST_MS, Math.max(TARGET_MS, REST * ms));
  }
}
