import type { Clock } from "../clock/clock.js";
import type { WorkerLogger } from "../logger.js";
import type { Service } from "./service.js";

/** Ms until the next round; null: not before `soon` is called. */
export type NextRound = number | null;

/** A round that threw is repeated after so many ms. */
const AFTER_FAULT_MS = 250;

/** A service that repeats one round: each says when the next is due. Rounds never overlap. */
export class Periodic implements Service {
  readonly #name: string;
  readonly #round: () => Promise<NextRound>;
  readonly #clock: Clock;
  readonly #logger: WorkerLogger;
  #started = false;
  #again = false;
  #current: Promise<void> | null = null;
  #cancel: (() => void) | null = null;
  /** When the next round begins, monotonic ms; of no meaning while none is due. */
  #at = 0;

  constructor(name: string, round: () => Promise<NextRound>, clock: Clock, logger: WorkerLogger) {
    this.#name = name;
    this.#round = round;
    this.#clock = clock;
    this.#logger = logger;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#started = false;
    this.#again = false;
    this.#unschedule();
    await this.#current;
  }

  /** Asks for a round within so many ms, or one right after the round that is in progress. Does nothing while stopped. */
  soon(withinMs = 0): void {
    if (!this.#started) return;
    if (this.#current !== null) this.#again = true;
    else if (this.#cancel === null || this.#at > this.#clock.now() + withinMs) this.#schedule(withinMs);
  }

  runOnce(): Promise<void> {
    this.#current ??= this.#run();
    return this.#current;
  }

  async #run(): Promise<void> {
    this.#unschedule();
    let next: NextRound;
    try {
      next = await this.#round();
    } catch (error) {
      this.#logger.error({ err: error, service: this.#name }, "A round of a service failed; it is repeated.");
      next = AFTER_FAULT_MS;
    }
    this.#current = null;
    if (this.#again) next = 0;
    this.#again = false;
    if (next !== null) this.#schedule(next);
  }

  #schedule(ms: number): void {
    this.#unschedule();
    this.#at = this.#clock.now() + ms;
    if (this.#started) this.#cancel = this.#clock.after(ms, () => void this.runOnce());
  }

  #unschedule(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
