import type { Clock } from "../../src/clock/clock.js";

/** A clock that stands still until a test turns it. */
export class ManualClock implements Clock {
  #now = 1000;
  #timers: { at: number; call: () => void }[] = [];

  /** How many have not run off. */
  get timers(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const timer = { at: this.#now + ms, call };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  /** Turns it on, calls what falls due in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets everything that is already resolved take effect. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
