import type { ClaimedTask } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import type { Holdings } from "./holdings.js";

/**
 * Stages in which an attempt failed that the store does not know of yet: whether they fail, or the step is retried, it decides. Until then nothing more of them starts:
 * what was claimed ahead stays in the queue, others start before it, and the next exchange, which tells of the failure, goes out as if it were not there.
 * (It went back at once, to be claimed again where nothing failed for good: 500 steps of which one in five fails at first took 1.4 to 1.6 s, and take 0.9 on PostgreSQL.)
 */
export class Suspects {
  readonly #holdings: Holdings;
  readonly #clock: Clock;
  readonly #stageKeys = new Set<number>();

  constructor(holdings: Holdings, clock: Clock) {
    this.#holdings = holdings;
    this.#clock = clock;
  }

  /** An attempt of this stage failed. What waits at the launcher comes back into the queue. */
  add(stageKey: number | null): void {
    if (stageKey === null) return;
    this.#stageKeys.add(stageKey);
    this.#holdings.takeBack(({ task }) => task.stageKey === stageKey);
  }

  /** Whether this may not start yet. */
  hold({ stageKey }: ClaimedTask): boolean {
    return stageKey !== null && this.#stageKeys.has(stageKey);
  }

  /** How much of the queue may not start yet. */
  get held(): number {
    return this.#stageKeys.size === 0 ? 0 : this.#holdings.queue.filter(({ task }) => this.hold(task)).length;
  }

  /** An exchange was answered. Of stages whose failures are all told the store has said which ones fail: what was claimed ahead of those goes back. */
  answered(failing: readonly number[]): void {
    if (this.#stageKeys.size > 0) {
      const untold = this.#holdings.outcomes.filter(({ result }) => result === "failure");
      const kept = new Set(untold.map(({ stageKey }) => stageKey));
      for (const stageKey of this.#stageKeys) if (!kept.has(stageKey)) this.#stageKeys.delete(stageKey);
    }
    if (failing.length === 0) return;
    const fails = new Set<number | null>(failing);
    this.#giveBack(({ stageKey }) => fails.has(stageKey));
  }

  /** The answer never came, and with it maybe the word that a stage fails: what was claimed ahead goes back. */
  unanswered(): void {
    if (this.#stageKeys.size > 0) this.#giveBack((task) => this.hold(task));
  }

  #giveBack(chosen: (task: ClaimedTask) => boolean): void {
    this.#holdings.giveBack(this.#clock.now(), ({ task }) => chosen(task));
  }
}
