import { DatabaseUnavailable } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import type { WorkerLogger } from "../logger.js";

/** What this process knows about the database being there; every service reports to it. */
export class Reachability {
  readonly #clock: Clock;
  readonly #logger: WorkerLogger;
  readonly #meanwhile: string;
  #awaySince: number | null = null;
  #backSince = Number.NEGATIVE_INFINITY;

  /** `meanwhile`: what that means, for the log. */
  constructor(
    clock: Clock,
    logger: WorkerLogger,
    meanwhile = "scripts go on, and outcomes are held until it does",
  ) {
    this.#clock = clock;
    this.#logger = logger;
    this.#meanwhile = meanwhile;
  }

  /** A call to the database was answered. */
  answered(): void {
    if (this.#awaySince === null) return;
    const now = this.#clock.now();
    this.#logger.info({ awayMs: Math.round(now - this.#awaySince) }, "The database answers again.");
    this.#awaySince = null;
    this.#backSince = now;
  }

  /** A call failed. Says whether the database is away; anything else is a fault, and is logged as one. */
  failed(error: unknown, during: string): void {
    if (!(error instanceof DatabaseUnavailable)) {
      this.#logger.error({ err: error, during }, "The store failed; the call is repeated.");
      return;
    }
    if (this.#awaySince !== null) return;
    this.#awaySince = this.#clock.now();
    this.#logger.warn({ during, reason: error.message }, `The database does not answer; ${this.#meanwhile}.`);
  }

  /** For how long it has been there without a break, in ms; infinite if it was never seen away. */
  steadyMs(): number {
    return this.#awaySince === null ? this.#clock.now() - this.#backSince : 0;
  }
}
