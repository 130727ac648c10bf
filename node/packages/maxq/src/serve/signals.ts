/** Stop signals of this process: one asks to stop, each further one to hurry. */
export class StopSignals {
  readonly #listeners = new Set<(count: number) => void>();
  #count = 0;

  constructor(signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"]) {
    for (const signal of signals) process.on(signal, this.#received);
  }

  /** How many have come. */
  get count(): number {
    return this.#count;
  }

  /** Called with the count at each signal from now on, and at once if some have come. */
  onSignal(listener: (count: number) => void): void {
    this.#listeners.add(listener);
    if (this.#count > 0) listener(this.#count);
  }

  readonly #received = (): void => {
    this.#count += 1;
    for (const listener of this.#listeners) listener(this.#count);
  };
}
