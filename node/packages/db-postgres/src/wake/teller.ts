import type { WakeUp } from "@maxq/db";
import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "pg";
import { GOODBYE_MS } from "../connection/config.js";
import { notifications, payload } from "./message.js";

/** How long word that a run changed waits for more such, in ms. */
const GATHER_MS = 20;

/** Tells other processes of what has committed. Each telling wakes every process, this one included. */
export class Teller {
  readonly #untold = new Map<string, WakeUp>();
  #telling = false;
  #tellSoon: NodeJS.Timeout | null = null;
  #quietFrom = -Infinity;

  /** `origin`: who this process is on the channel. */
  constructor(
    private readonly pool: Pool,
    private readonly origin: string,
  ) {}

  /**
   * Without waiting: a wake-up that is lost only costs the others a poll. What comes while one telling is under way goes with the next.
   * That a run changed is for readers' eyes, and waits a little for more of its kind.
   */
  tell(wakeUps: readonly WakeUp[]): void {
    for (const wakeUp of wakeUps) this.#untold.set(JSON.stringify(wakeUp), wakeUp);
    if (this.#telling) return;
    if (wakeUps.some(({ reason }) => reason !== "run")) void this.#tellAll();
    else this.#tellSoon ??= setTimeout(() => void this.#tellAll(), GATHER_MS);
  }

  /**
   * What a statement is to send with its own commit, which is heard of half as late as what is told afterwards. Null, shortly after another telling: then `tell` will
   * gather it with more, because commits that tell of something wait for each other.
   */
  withCommit(wakeUps: readonly WakeUp[]): readonly string[] | null {
    const now = performance.now();
    if (this.#telling || now < this.#quietFrom) return null;
    this.#quietFrom = now + GATHER_MS;
    return wakeUps.map((wake) => payload({ from: this.origin, wake }));
  }

  /** Tells what is not told yet. */
  async close(): Promise<void> {
    if (this.#tellSoon !== null)
      await Promise.race([this.#tellAll(), delay(GOODBYE_MS, undefined, { ref: false })]);
  }

  async #tellAll(): Promise<void> {
    if (this.#tellSoon !== null) clearTimeout(this.#tellSoon);
    this.#tellSoon = null;
    this.#telling = true;
    while (this.#untold.size > 0) {
      const wakeUps = [...this.#untold.values()];
      this.#untold.clear();
      this.#quietFrom = performance.now() + GATHER_MS;
      await this.pool.query(notifications(this.origin, wakeUps)).catch(() => undefined);
    }
    this.#telling = false;
  }
}
