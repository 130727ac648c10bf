import type { Clock } from "../clock/clock.js";
import type { Holdings } from "./holdings.js";

const LOOK_EVERY_MS = 50;
/** A task that was claimed ahead is marked as started once it has run for so long; a shorter one says so with its outcome. */
const MARK_AFTER_MS = 100;
/** What waits at the launcher for so long is taken back into the queue: what runs there is not as short as it was thought to be. */
const TAKE_BACK_AFTER_MS = 50;
/** What was claimed ahead and still waits after so long goes back, for others to start. */
const GIVE_BACK_AFTER_MS = 250;

/** Looks after tasks that were claimed ahead, as long as there are any. */
export class ClaimedAhead {
  readonly #holdings: Holdings;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #cancel: (() => void) | null = null;

  /** `changed` is called when there is something to tell the database. */
  constructor(holdings: Holdings, clock: Clock, changed: () => void) {
    this.#holdings = holdings;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** There may be tasks to look after. */
  watch(): void {
    this.#cancel ??= this.#clock.after(LOOK_EVERY_MS, () => {
      this.#cancel = null;
      this.#look();
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #look(): void {
    const now = this.#clock.now();
    const { running, waiting, queue } = this.#holdings;
    let unmarked = 0;
    for (const held of running.values()) {
      if (held.markedStarted || held.startedAt === null || held.waits) continue;
      if (now - held.startedAt >= MARK_AFTER_MS) this.#holdings.markStarted(held, now);
      else unmarked++;
    }
    this.#holdings.giveBack(now, ({ claimedAt }) => now - claimedAt >= GIVE_BACK_AFTER_MS);
    this.#holdings.takeBack(({ startedAt }) => now - (startedAt ?? now) >= TAKE_BACK_AFTER_MS);
    if (unmarked > 0 || waiting.size > 0 || queue.length > 0) this.watch();
    if (this.#holdings.hasPending()) this.#changed();
  }
}
