import type { ClaimedTask, ExchangeAnswer, ExchangeRequest, WorkStore } from "@maxq/db";

/** A queue in memory: hands out what was added, remembers every request, fails when told to. */
export class FakeWorkStore implements WorkStore {
  readonly requests: ExchangeRequest[] = [];
  readonly waiting: ClaimedTask[] = [];
  readonly owned = new Map<number, ClaimedTask>();
  /** Whether what is given back may be claimed again; if not, it is as if its stage had failed, or others had taken it. */
  offersAgain = false;
  inFlight = 0;
  mostInFlight = 0;
  /** Added to the next answer. */
  extra: Partial<ExchangeAnswer> = {};
  /** Throws it instead of answering; `committed` says whether the exchange took effect nevertheless; `later`: when `arrive` is called. */
  failing: {
    error: Error;
    committed: boolean | "later";
    when?: (request: ExchangeRequest) => boolean;
  } | null = null;
  /** Exchanges that were given up by their sender and have not arrived yet. */
  readonly late: ExchangeRequest[] = [];
  round = 0;
  /** While set, exchanges wait for it. */
  held: Promise<void> | null = null;

  async exchange(request: ExchangeRequest): Promise<ExchangeAnswer> {
    this.requests.push(request);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      if (this.held !== null) await this.held;
      const failing = this.failing !== null && (this.failing.when?.(request) ?? true) ? this.failing : null;
      if (failing?.committed === "later") this.late.push(request);
      if (failing !== null && failing.committed !== true) throw failing.error;
      const answer = this.#commit(request);
      if (failing !== null) throw failing.error;
      return answer;
    } finally {
      this.inFlight--;
    }
  }

  runTimers(): Promise<number | null> {
    return Promise.resolve(null);
  }

  /** What was under way for long reaches the store after all. */
  arrive(): void {
    for (const request of this.late.splice(0)) this.#commit(request);
  }

  ownedTasks(_workerKey: number, round: number): Promise<readonly ClaimedTask[]> {
    this.round = Math.max(this.round, round);
    return Promise.resolve([...this.owned.values()]);
  }

  /** Keys of all outcomes that were sent, in order. */
  recorded(): number[] {
    return this.requests.flatMap(({ outcomes }) => outcomes.map(({ key }) => key));
  }

  /** Keys of all tasks that were given back. */
  released(): number[] {
    return this.requests.flatMap(({ released }) => released.map(({ key }) => key));
  }

  #takeBack(key: number): void {
    const task = this.owned.get(key);
    this.owned.delete(key);
    if (task !== undefined && this.offersAgain) this.waiting.push(task);
  }

  #commit(request: ExchangeRequest): ExchangeAnswer {
    const stale = request.outcomes.filter(({ key }) => !this.owned.delete(key)).map(({ key }) => key);
    const inTime = request.round >= this.round;
    if (inTime) for (const { key } of request.released) this.#takeBack(key);
    let steps = inTime ? request.freeSteps + request.aheadSteps : 0;
    let calls = inTime ? request.freeCalls : 0;
    const claimed: ClaimedTask[] = [];
    for (const task of [...this.waiting]) {
      if (task.kind === "flow" ? calls-- <= 0 : steps-- <= 0) continue;
      this.waiting.splice(this.waiting.indexOf(task), 1);
      this.owned.set(task.key, task);
      claimed.push(task);
    }
    const answer = { claimed, stale, controls: [], failing: [], ended: [], ...this.extra };
    this.extra = {};
    return answer;
  }
}
