import type { Clock } from "../clock/clock.js";
import type { Holdings } from "./holdings.js";

/** Stages in which an attempt failed that the store does not know of yet: whether they fail, it decides. Until then nothing more of them may start. */
export class Suspects {
  readonly #holdings: Holdings;
  readonly #clock: Clock;
  readonly #stageKeys = new Set<number>();

  constructor(holdings: Holdings, clock: Clock) {
    this.#holdings = holdings;
    this.#clock = clock;
  }

  /** An attempt of this stage failed: what was claimed ahead of it goes back before its slot is free. */
  add(stageKey: number | null): void {
    if (stageKey === null) return;
    this.#stageKeys.add(stageKey);
    this.giveBack();
  }

  /** Those that the next exchange tells of. */
  told(): readonly number[] {
    return [...this.#stageKeys];
  }

  /** The store knows of these, and says which stages fail. */
  answered(told: readonly number[], failing: readonly number[]): void {
    for (const stageKey of told) this.#stageKeys.delete(stageKey);
    this.#giveBack(new Set(failing));
  }

  /** An exchange that was under way when the attempt failed may have brought more of its stage. */
  giveBack(): void {
    this.#giveBack(this.#stageKeys);
  }

  #giveBack(stageKeys: ReadonlySet<number>): void {
    if (stageKeys.size === 0) return;
    const chosen = (stageKey: number | null) => stageKey !== null && stageKeys.has(stageKey);
    this.#holdings.giveBack(this.#clock.now(), ({ task }) => chosen(task.stageKey));
  }
}
