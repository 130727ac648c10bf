import type { Clock } from "../clock/clock.js";
import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { StopOptions } from "./options.js";

/** So long a drain waits, after the last script ended, for a database that is away: what is not recorded by then is left to rescue. */
const RECORD_MS = 5000;

/** A drain under way: nothing new is claimed, what runs may end, then is ended. Can be hurried. */
export class Drain {
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  #endsAt = Number.POSITIVE_INFINITY;
  #cancels: (() => void)[] = [];
  /** Resolves when everything has ended and is recorded, or cannot be recorded. */
  readonly done: Promise<void>;
  #finish: () => void = () => undefined;

  constructor(dispatcher: Dispatcher, clock: Clock) {
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  begin(options: StopOptions): void {
    this.#dispatcher.close();
    void this.#dispatcher.whenSettled().then(() => this.#end());
    this.hurry(options);
  }

  /** Brings the end forward; a later end than the one that is due changes nothing. */
  hurry({ drainMs, graceMs }: StopOptions): void {
    if (drainMs <= 0) {
      this.#terminate(graceMs);
      return;
    }
    const endsAt = this.#clock.now() + drainMs;
    if (endsAt >= this.#endsAt) return;
    this.#endsAt = endsAt;
    this.#cancelAll();
    this.#cancels.push(this.#clock.after(drainMs, () => this.#terminate(graceMs)));
  }

  #terminate(graceMs: number): void {
    this.#endsAt = Number.NEGATIVE_INFINITY;
    this.#cancelAll();
    this.#dispatcher.terminate("drain", graceMs);
    this.#cancels.push(this.#clock.after(graceMs + RECORD_MS, () => this.#end()));
  }

  #end(): void {
    this.#cancelAll();
    this.#finish();
  }

  #cancelAll(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }
}
