import type { Environment } from "../settings/read.js";

/** Whether this process was started with SIGHUP ignored, by nohup. Node itself forgets that: `bin/maxq` says so. */
export function hangupIsIgnored(environment: Environment): boolean {
  return environment["MAXQ_NOHUP"] === "1";
}

/** Stop signals of this process: one asks to stop, each further one to hurry. Of SIGHUP a terminal that is closed sends several: it hurries nobody. */
export class StopSignals {
  readonly #listeners = new Set<(count: number, signal: NodeJS.Signals) => void>();
  #count = 0;
  #last: NodeJS.Signals = "SIGTERM";

  constructor(environment: Environment) {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, this.#received);
    if (!hangupIsIgnored(environment)) process.on("SIGHUP", this.#received);
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
    if (signal === "SIGHUP" && this.#count > 0) return;
    this.#count += 1;
    this.#last = signal;
    for (const listener of this.#listeners) listener(this.#count, signal);
  };
}
