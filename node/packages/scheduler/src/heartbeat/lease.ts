import type { Clock } from "../clock/clock.js";
import { leaseParts } from "./lease-times.js";

/** A lease as this worker may rely on it: counted on its own clock from before the renewal was sent. */
export class Lease {
  readonly durationMs: number;
  readonly #clock: Clock;
  #key: number | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #doubted = false;
  /** Since when each renewal was answered in time; null: the last one was not. */
  #steadySince: number | null = null;

  constructor(durationMs: number, clock: Clock) {
    this.durationMs = durationMs;
    this.#clock = clock;
  }

  /** How often it is renewed. */
  get intervalMs(): number {
    return this.durationMs * leaseParts.renew;
  }

  /** The registration's key, the fence of everything this worker writes. Throws before the first registration. */
  get key(): number {
    if (this.#key === null) throw new Error("The worker is not registered.");
    return this.#key;
  }

  /** A new registration, asked for at `sentAt`. */
  begin(key: number, sentAt: number): void {
    this.#key = key;
    this.renewed(sentAt);
  }

  /** A renewal that was sent at `sentAt` was granted. */
  renewed(sentAt: number): void {
    const now = this.#clock.now();
    const late = this.steadyMs() === null || now - sentAt > this.intervalMs;
    if (late) this.#steadySince = now;
    this.#renewedAt = sentAt;
    this.#doubted = false;
  }

  /** A renewal was not answered. */
  missed(): void {
    this.#steadySince = null;
  }

  /**
   * For how long all renewals have been answered in time, in ms; null if the last one was not, or is overdue. What keeps this worker from renewing, an outage or a lock on a
   * table that renewals read, keeps others from it, too.
   */
  steadyMs(): number | null {
    const now = this.#clock.now();
    if (this.#steadySince === null || now - this.#renewedAt > 2 * this.intervalMs) return null;
    return now - this.#steadySince;
  }

  /** It was lost: nothing may run any more until the next registration. */
  end(): void {
    this.#renewedAt = Number.NEGATIVE_INFINITY;
  }

  /** The launcher says that it ran out, which this clock did not see, because the machine slept: nothing starts under it before it is renewed. */
  doubt(): void {
    this.#doubted = true;
  }

  /** Ms for which scripts may run, which ends before others may take over; negative when that has passed. */
  remainingMs(): number {
    return this.#renewedAt + this.durationMs * leaseParts.kill - this.#clock.now();
  }

  /** May scripts run under it? */
  holds(): boolean {
    return !this.#doubted && this.remainingMs() > 0;
  }
}
