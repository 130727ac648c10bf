/** Tells those who wait that everything has come to rest. */
export class Settled {
  readonly #idle: () => void;
  #wasBusy = false;
  #waiting: (() => void)[] = [];

  /** `idle` is called each time that rest follows work. */
  constructor(idle: () => void) {
    this.#idle = idle;
  }

  /** Something was started. */
  busy(): void {
    this.#wasBusy = true;
  }

  /** Everything is at rest. */
  rest(): void {
    if (this.#wasBusy) this.#idle();
    this.#wasBusy = false;
    this.release();
  }

  /** Nobody has to wait any longer, at rest or not. */
  release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves at the next rest or release. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
