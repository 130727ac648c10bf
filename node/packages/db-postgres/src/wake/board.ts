import type { WakeUp } from "@maxq/db";

/** Who listens in this process. */
export class WakeUpBoard {
  readonly #listeners = new Set<(wakeUp: WakeUp) => void>();

  add(listener: (wakeUp: WakeUp) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(wakeUps: readonly WakeUp[]): void {
    for (const wakeUp of wakeUps) for (const listener of this.#listeners) listener(wakeUp);
  }
}
