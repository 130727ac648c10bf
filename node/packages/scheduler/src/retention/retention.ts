import type { PrunePlace, RetentionRules, RetentionStore } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import { backoffMs } from "../database/backoff.js";
import type { Reachability } from "../database/reachability.js";
import type { WorkerLogger } from "../logger.js";
import type { NextRound } from "../service/periodic.js";
import { Pace } from "./pace.js";

/** From the end of a pass to the next, in ms. */
const BETWEEN_PASSES_MS = 60_000;

/** Without rules there is only what a crash left of a deletion to look for. */
const WITHOUT_RULES_MS = 3_600_000;

/** A turn that is not asked for again within so many ms is another worker's. As long as the time between passes, so that there is one pass in that time however many workers there are. */
const TURN_MS = BETWEEN_PASSES_MS;

/** What retention works with. */
export interface RetentionPorts {
  readonly store: RetentionStore;
  readonly clock: Clock;
  readonly logger: WorkerLogger;
  readonly reachability: Reachability;
  /** Null: finished runs are kept for ever. */
  readonly rules: RetentionRules | null;
  /** Tells this worker from others. */
  readonly holder: string;
}

/**
 * Removes finished runs that the rules let go: pass after pass, batch after batch, one worker at a time. Goes on with deletions that were cut off, rules or not: that needs no turn.
 * A worker that stops, or dies, between two batches leaves nothing to tidy up: what it had begun is gone on with by whoever has the next turn.
 */
export class Retention {
  readonly #ports: RetentionPorts;
  readonly #pace = new Pace();
  /** Where the pass is; null: none is under way. */
  #place: PrunePlace | null = null;
  #removed = 0;
  /** Until when the turn is surely this worker's, on its clock. */
  #turnUntil = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(ports: RetentionPorts) {
    this.#ports = ports;
  }

  /** One batch. Answers ms until the next. */
  async batch(): Promise<NextRound> {
    const { clock, reachability, rules } = this.#ports;
    try {
      if (rules !== null && !(await this.#hasTurn())) return this.#over();
      const began = clock.now();
      const goesOn = rules === null ? await this.#finish() : await this.#prune(rules);
      reachability.answered();
      this.#failures = 0;
      const pause = this.#pace.took(clock.now() - began);
      return goesOn ? pause : this.#over();
    } catch (error) {
      reachability.failed(error, "retention");
      return backoffMs(this.#failures++);
    }
  }

  /** Gives the turn up, so that nobody waits for its end. */
  async leave(): Promise<void> {
    const { store, clock, holder, reachability } = this.#ports;
    if (clock.now() >= this.#turnUntil + TURN_MS / 2) return;
    this.#turnUntil = Number.NEGATIVE_INFINITY;
    try {
      await store.takePruneTurn(holder, 0);
    } catch (error) {
      reachability.failed(error, "retention");
    }
  }

  async #hasTurn(): Promise<boolean> {
    const { store, clock, holder } = this.#ports;
    const now = clock.now();
    if (now < this.#turnUntil) return true;
    const taken = await store.takePruneTurn(holder, TURN_MS);
    if (taken) this.#turnUntil = now + TURN_MS / 2;
    return taken;
  }

  #finish(): Promise<boolean> {
    return this.#ports.store.removeMarked(this.#pace.rows);
  }

  async #prune(rules: RetentionRules): Promise<boolean> {
    const request = { rules, flowName: null, place: this.#place, rows: this.#pace.rows, dryRun: false };
    const { runs, next } = await this.#ports.store.prune(request);
    this.#removed += runs;
    this.#place = next;
    return next !== null;
  }

  /** The pass is over, or somebody else's. */
  #over(): NextRound {
    const { logger, rules } = this.#ports;
    if (this.#removed > 0) logger.info({ runs: this.#removed }, "Finished runs were removed (retention).");
    this.#removed = 0;
    this.#place = null;
    return rules === null ? WITHOUT_RULES_MS : BETWEEN_PASSES_MS;
  }
}
