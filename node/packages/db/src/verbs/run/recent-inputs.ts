/** What is kept at most: runs, and characters of all inputs together. */
const MOST_RUNS = 1000;
const MOST_LENGTH = 1_000_000;

/** Inputs of runs that were made by this process a moment ago: the first script of most of them starts here, too, and need not ask the database for what it just got. */
export class RecentInputs {
  /** JSON text by run, oldest first. */
  readonly #inputs = new Map<string, string>();
  #length = 0;

  keep(runId: string, input: string): void {
    this.#inputs.set(runId, input);
    this.#length += input.length;
    for (const oldest of this.#inputs.keys()) {
      if (this.#inputs.size <= MOST_RUNS && this.#length <= MOST_LENGTH) return;
      this.take(oldest);
    }
  }

  /** Null if it is not known, which it is once only. */
  take(runId: string): string | null {
    const input = this.#inputs.get(runId);
    if (input === undefined) return null;
    this.#inputs.delete(runId);
    this.#length -= input.length;
    return input;
  }
}
