import type { Clock } from "../clock/clock.js";

/** A run of which nothing ran here for so long is forgotten; its files are made again if it comes back. */
const FORGET_AFTER_MS = 60_000;

/** Runs whose files the runner keeps on this host: this worker learns of the end only of those that it ended itself. */
export class KnownRuns {
  readonly #usedAt = new Map<string, number>();
  readonly #clock: Clock;
  readonly #forget: (runId: string) => void;

  constructor(clock: Clock, forget: (runId: string) => void) {
    this.#clock = clock;
    this.#forget = forget;
  }

  /** A script of the run starts. */
  used(runId: string): void {
    this.#usedAt.set(runId, this.#clock.now());
  }

  /** The run came to its end: nothing of it runs anywhere. */
  ended(runId: string): void {
    if (this.#usedAt.delete(runId)) this.#forget(runId);
  }

  /** Forgets what was not used for long; `busy` are the runs of which something runs here. */
  sweep(busy: ReadonlySet<string>): void {
    const before = this.#clock.now() - FORGET_AFTER_MS;
    for (const [runId, usedAt] of this.#usedAt) {
      if (usedAt < before && !busy.has(runId)) this.ended(runId);
    }
  }
}
