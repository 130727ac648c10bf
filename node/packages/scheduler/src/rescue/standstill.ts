import type { LeaseView } from "@maxq/db";
import type { Clock } from "../clock/clock.js";

/** For how long other workers' renewal counters have stood still, on the clock of this process: a jump of the database's clock expires nobody. */
export class Standstill {
  readonly #seen = new Map<number, { renewals: number; since: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes the counters as they are; forgets workers that are not among them. */
  observe(leases: readonly LeaseView[]): void {
    const now = this.#clock.now();
    const present = new Set(leases.map(({ workerKey }) => workerKey));
    for (const key of this.#seen.keys()) if (!present.has(key)) this.#seen.delete(key);
    for (const { workerKey, renewals } of leases) {
      const seen = this.#seen.get(workerKey);
      if (seen?.renewals !== renewals) this.#seen.set(workerKey, { renewals, since: now });
    }
  }

  /** Ms for which this worker's counter has not changed, 0 if it was never observed. */
  stoodStillMs(workerKey: number): number {
    const seen = this.#seen.get(workerKey);
    return seen === undefined ? 0 : this.#clock.now() - seen.since;
  }
}
