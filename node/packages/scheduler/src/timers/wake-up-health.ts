import type { Clock } from "../clock/clock.js";
import type { Reachability } from "../database/reachability.js";
import type { WorkerLogger } from "../logger.js";

/** Connecting, and the first echo, may take as long. */
const patienceMs = 5_000;

/** What the watch over wake-ups needs of its surroundings. */
export interface WakeUpHealthPorts {
  readonly isHealthy: () => boolean;
  readonly reachability: Reachability;
  readonly clock: Clock;
  readonly logger: WorkerLogger;
  /** MAXQ_SCHEDULER_INTERVAL_MS. */
  readonly intervalMs: number;
}

/** Says in the log when this worker can only poll, although the database answers, and when wake-ups are back. */
export class WakeUpHealth {
  #missedSince: number | null = null;
  #told = false;

  constructor(private readonly ports: WakeUpHealthPorts) {}

  /** Whether wake-ups arrive. */
  look(): boolean {
    const { isHealthy, clock, logger } = this.ports;
    if (isHealthy()) {
      if (this.#told) logger.info("Wake-ups from the database arrive again.");
      this.#missedSince = null;
      this.#told = false;
      return true;
    }
    this.#missedSince ??= clock.now();
    const missedMs = Math.min(clock.now() - this.#missedSince, this.ports.reachability.steadyMs());
    if (missedMs >= patienceMs && !this.#told) this.#tell();
    return false;
  }

  #tell(): void {
    const { logger, intervalMs } = this.ports;
    this.#told = true;
    logger.warn(
      { intervalMs },
      `Wake-ups from the database do not arrive, so this worker polls every ${intervalMs} ms. A transaction pooler such as PgBouncer drops LISTEN: give MaxQ a direct connection.`,
    );
  }
}
