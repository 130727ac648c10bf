import type { Census, Store, Underway } from "@maxq/db";
import type { Meters } from "./meters.js";

/** One census serves all scrapes for so long, in ms. */
const goodForMs = 5_000;
/** A scrape waits no longer for the database, in ms. */
const patienceMs = 2_000;

/** What the database holds, as gauges: asked for at most every five seconds, whoever scrapes; while it does not answer they are left out. */
export class DatabaseGauges {
  readonly #store: Pick<Store, "census">;
  readonly #meters: Meters;
  readonly #now: () => number;
  readonly #patienceMs: number;
  #askedAt = Number.NEGATIVE_INFINITY;
  #answer: Promise<Census | null> | null = null;

  /** `now`: monotonic ms. `patience`: how long a scrape waits for the database, in ms. */
  constructor(
    store: Pick<Store, "census">,
    meters: Meters,
    now: () => number = () => performance.now(),
    patience = patienceMs,
  ) {
    this.#patienceMs = patience;
    this.#store = store;
    this.#meters = meters;
    this.#now = now;
  }

  /** Sets them for a scrape. Never rejects, and takes no longer than two seconds. */
  async update(): Promise<void> {
    const census = await inTime(this.#ask(), this.#patienceMs);
    const { gauges } = this.#meters;
    gauges.maxq_database_up.set(census === null ? 0 : 1);
    for (const name of ["maxq_runs", "maxq_steps", "maxq_queue_oldest_seconds", "maxq_workers"] as const)
      gauges[name].reset();
    if (census !== null) this.#set(census);
  }

  /** The last answer while it is fresh, and the one that is under way; a failure is not kept. */
  #ask(): Promise<Census | null> {
    if (this.#answer === null || this.#now() - this.#askedAt >= goodForMs) {
      this.#askedAt = this.#now();
      const answer: Promise<Census | null> = this.#store.census().catch(() => {
        if (this.#answer === answer) this.#answer = null;
        return null;
      });
      this.#answer = answer;
    }
    return this.#answer;
  }

  #set({ runs, steps, calls, workers }: Census): void {
    const { gauges } = this.#meters;
    for (const [status, count] of Object.entries(runs)) gauges.maxq_runs.set({ status }, count);
    for (const [state, count] of Object.entries(workers)) gauges.maxq_workers.set({ state }, count);
    this.#setUnderway("step", steps);
    this.#setUnderway("flow", calls);
  }

  #setUnderway(kind: "step" | "flow", { oldestMs, ...states }: Underway): void {
    const { gauges } = this.#meters;
    for (const [state, count] of Object.entries(states)) gauges.maxq_steps.set({ kind, state }, count);
    gauges.maxq_queue_oldest_seconds.set({ kind }, (oldestMs ?? 0) / 1000);
  }
}

async function inTime<T>(answer: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
