import {
  type AttemptRef,
  DatabaseUnavailable,
  StatementFailed,
  type ClaimedTask,
  type ExchangeAnswer,
  type Outcome,
  type WorkStore,
} from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import { backoffMs } from "../database/backoff.js";
import type { Reachability } from "../database/reachability.js";
import type { Lease } from "../heartbeat/lease.js";
import type { WorkerInstruments } from "../instruments.js";
import type { AttemptLog } from "../log/attempt-log.js";
import type { Ask } from "./capacity.js";
import { withoutContent } from "./content.js";
import type { Holdings } from "./holdings.js";

/** What came of an exchange: its answer; or, after one that failed and may have been committed, what the database says that the worker owns. */
export type ExchangeResult =
  | { readonly reason: "answered"; readonly answer: ExchangeAnswer }
  | { readonly reason: "owned"; readonly tasks: readonly ClaimedTask[] }
  | { readonly reason: "stopped" };

/** Sends what waits to be told, and gets over failures of the database. */
export class Exchange {
  readonly #ports: ExchangePorts;
  /** How many outcomes go into one request: all, or one at a time after a fault, to find the one that the store cannot take. */
  #most = Number.POSITIVE_INFINITY;
  /** Exchanges in a row that failed. */
  #failed = 0;
  /** Grows each time that the database is asked what this worker owns. */
  #round = 0;
  #stopped = false;
  #wakeUp: (() => void) | null = null;

  constructor(ports: ExchangePorts) {
    this.#ports = ports;
  }

  /** One exchange. If it fails, what was to be told stays in the holdings, and this waits until the database can be asked what it knows. */
  async send(holdings: Holdings, ask: Ask): Promise<ExchangeResult> {
    if (this.#stopped) return { reason: "stopped" };
    const { store, lease, reachability, clock, instruments } = this.#ports;
    const pending = holdings.take(this.#most);
    try {
      const answer = await store.exchange({ workerKey: lease.key, round: this.#round, ...pending, ...ask });
      reachability.answered();
      holdings.told();
      this.#failed = 0;
      if (answer.stale.length > 0) this.#ports.log.late(answer.stale);
      for (const outcome of pending.outcomes) this.#ports.recorded(outcome);
      const counted = answer.stale.length === 0 ? pending.outcomes : notStale(pending.outcomes, answer.stale);
      for (const run of answer.ended) this.#ports.log.runEnded(run);
      instruments.exchanged(counted, answer.claimed.length, answer.ended);
      if (holdings.outcomes.length === 0) this.#most = Number.POSITIVE_INFINITY;
      return { reason: "answered", answer };
    } catch (error) {
      reachability.failed(error, "exchange");
      this.#failed++;
      const told = canBeOfContent(error) ? this.#afterFault(pending) : pending;
      holdings.putBack(told, clock.now());
      return this.#askWhatIsOwned();
    }
  }

  /** Gives up waiting for the database. */
  stop(): void {
    this.#stopped = true;
    this.#wakeUp?.();
  }

  /** A fault that content can cause, and that repeats for a single outcome, is its content's: the outcome is recorded without it, rather than holding up all others for ever. */
  #afterFault<P extends ReturnType<Holdings["take"]>>(pending: P): P {
    const alone = this.#most === 1 && pending.outcomes.length === 1;
    this.#most = 1;
    return alone ? { ...pending, outcomes: pending.outcomes.map(withoutContent) } : pending;
  }

  async #askWhatIsOwned(): Promise<ExchangeResult> {
    const { store, lease, reachability } = this.#ports;
    this.#round++;
    // Exchanges have a connection of their own: where only that cannot be had, as when a role has too few, this question is answered each time: from the second failure in a row on, only an exchange shows that the database is back.
    for (let failures = this.#failed - 1; !this.#stopped; failures++) {
      await this.#wait(backoffMs(failures));
      try {
        const tasks = await store.ownedTasks(lease.key, this.#round);
        if (this.#failed === 1) reachability.answered();
        return { reason: "owned", tasks };
      } catch (error) {
        reachability.failed(error, "ownedTasks");
      }
    }
    return { reason: "stopped" };
  }

  #wait(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(ms, resolve);
      this.#wakeUp = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Not where the database was away, nor where it refused for a reason of its own; a mistake of ours may be about what was to be told. */
function canBeOfContent(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return false;
  return !(error instanceof StatementFailed) || error.ofContent;
}

function notStale(outcomes: readonly Outcome[], stale: readonly number[]): readonly Outcome[] {
  const late = new Set(stale);
  return outcomes.filter(({ key }) => !late.has(key));
}

interface ExchangePorts {
  readonly store: WorkStore;
  readonly clock: Clock;
  readonly reachability: Reachability;
  readonly lease: Lease;
  readonly log: AttemptLog;
  readonly instruments: WorkerInstruments;
  readonly recorded: (outcome: AttemptRef) => void;
}
