import type { WorkStore } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import { backoffMs } from "../database/backoff.js";
import type { Reachability } from "../database/reachability.js";
import type { NextRound } from "../service/periodic.js";

/** Under load the timers are looked at again at most this often, in ms. */
const AT_MOST_EVERY_MS = 50;

/** What the timers work with. */
export interface TimerPorts {
  readonly store: Pick<WorkStore, "runTimers">;
  readonly clock: Clock;
  readonly reachability: Reachability;
  /** Something came due: there may be work to claim. */
  readonly due: () => void;
}

/** Wakes what waits for a time: retries with a delay, deadlines of runs. The database owns the times; this knows only the next. */
export class Timers {
  readonly #ports: TimerPorts;
  /** When the next is due on the clock; null if none is known. */
  #nextAt: number | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(ports: TimerPorts) {
    this.#ports = ports;
  }

  /** One look. Answers ms until the next is due. */
  async look(): Promise<NextRound> {
    const { store, clock, reachability, due } = this.#ports;
    const wait = this.#lastAt + AT_MOST_EVERY_MS - clock.now();
    if (wait > 0) return wait;
    this.#lastAt = clock.now();
    try {
      const ms = await store.runTimers();
      reachability.answered();
      this.#failures = 0;
      const now = clock.now();
      const wasDue = this.#nextAt !== null && this.#nextAt <= now;
      this.#nextAt = ms === null ? null : now + ms;
      if (wasDue) due();
      // The database's clock is the one that counts: a timer that fires a little early here asks again.
      return ms === null ? null : Math.max(1, Math.ceil(ms));
    } catch (error) {
      reachability.failed(error, "runTimers");
      return backoffMs(this.#failures++);
    }
  }
}
