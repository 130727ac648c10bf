import type { Clock } from "../clock/clock.js";
import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { StopOptions } from "./options.js";

/** So long a drain waits, after the last script ended, for a database that does not take the outcomes that are held: they are left to rescue then. */
const RECORD_MS = 5000;
/** So long it waits where no outcome is held, or after it was hurried, and so long the last words to the database may take. */
const FAREWELL_MS = 1000;

/** How a drain ended: everything is recorded, or the database did not take it in time. */
export type Drained = "recorded" | "given_up";

/** A drain under way: nothing new is claimed, what runs may end, then is ended. Can be hurried. */
export class Drain {
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  #endsAt = Number.POSITIVE_INFINITY;
  #hurried = false;
  /** Since when no script runs; null: some do. */
  #quietSince: number | null = null;
  #ended = false;
  #cancels: (() => void)[] = [];
  /** Resolves when everything has ended and is recorded, or cannot be recorded. */
  readonly done: Promise<Drained>;
  #finish: (how: Drained) => void = () => undefined;

  constructor(dispatcher: Dispatcher, clock: Clock) {
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.done = new Promise((resolve) => (this.#finish = resolve));
  }

  begin(options: StopOptions): void {
    this.#dispatcher.close();
    void this.#dispatcher.whenSettled().then(() => this.#end("recorded"));
    void this.#dispatcher.holdings.whenQuiet().then(() => this.#quiet());
    this.hurry(options);
  }

  /** Brings the end forward; a later end than the one that is due changes nothing. */
  hurry({ drainMs, graceMs }: StopOptions): void {
    if (drainMs <= 0 && graceMs <= 0) this.#hurried = true;
    if (this.#quietSince !== null) {
      this.#quiet();
      return;
    }
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

  /** Resolves when the last words to the database are said, or soon, because it may not answer. */
  async farewell(said: Promise<unknown>): Promise<void> {
    const ms = (await this.done) === "recorded" ? FAREWELL_MS : 0;
    let cancel = (): void => undefined;
    const enough = new Promise<void>((resolve) => (cancel = this.#clock.after(ms, resolve)));
    await Promise.race([said, enough]);
    cancel();
  }

  #terminate(graceMs: number): void {
    this.#endsAt = Number.NEGATIVE_INFINITY;
    this.#cancelAll();
    this.#dispatcher.holdings.terminate("drain", graceMs);
    this.#giveUpAfter(graceMs + RECORD_MS);
  }

  /** No script runs any more: what is left to do is the database's. */
  #quiet(): void {
    const now = this.#clock.now();
    this.#quietSince ??= now;
    const patience = this.#dispatcher.holdings.unrecorded > 0 && !this.#hurried ? RECORD_MS : FAREWELL_MS;
    this.#cancelAll();
    this.#giveUpAfter(Math.max(0, this.#quietSince + patience - now));
  }

  #giveUpAfter(ms: number): void {
    if (this.#ended) return; // A script may end after it was given up.
    this.#cancels.push(this.#clock.after(ms, () => this.#end("given_up")));
  }

  #end(how: Drained): void {
    this.#ended = true;
    this.#cancelAll();
    this.#finish(how);
  }

  #cancelAll(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels = [];
  }
}
