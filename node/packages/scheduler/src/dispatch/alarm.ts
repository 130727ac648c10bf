import type { Clock } from "../clock/clock.js";

/** One timer for many wishes: it goes off at the soonest of them. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #cancel: (() => void) | null = null;
  /** When it goes off, monotonic ms. */
  #at = 0;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** In so many ms, unless it goes off sooner: one too early costs less than setting one for each outcome. */
  within(ms: number): void {
    const at = this.#clock.now() + ms;
    if (this.#cancel !== null && this.#at <= at) return;
    this.stop();
    this.#at = at;
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = null;
      this.#ring();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
