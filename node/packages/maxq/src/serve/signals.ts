/** Stop signals of this process: one asks to stop, each further one to hurry. */
export class StopSignals {
  readonly #listeners = new Set<(count: number, signal: NodeJS.Signals) => void>();
  #count = 0;
  #last: NodeJS.Signals = "SIGTERM";

  constructor(signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"]) {
    for (const signal of signals) process.on(signal, this.#received);
  }

  /** How many have come. */
  get count(): number {
    return this.#count;
  }

  /** Called with the count and the last signal at each one from now on, and at once if some have come. */
  onSignal(listener: (count: number, signal: NodeJS.Signals) => void): void {
    this.#listeners.add(listener);
    if (this.#count > 0) listener(this.#count, this.#last);
  }

  readonly #received = (signal: NodeJS.Signals): void => {
    this.#count += 1;
    this.#last = signal;
    for (const listener of this.#listeners) listener(this.#count, signal);
  };
}
