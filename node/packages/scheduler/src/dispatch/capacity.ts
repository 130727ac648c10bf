import type { ClaimedTask, ExchangeRequest, Outcome } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import { type ClaimAhead, claimAhead, nothingAhead, SHORTEST_GATHER_MS } from "./claim-ahead.js";
import type { FlushView } from "./flush-policy.js";
import type { Holdings } from "./holdings.js";
import { MovingAverage } from "./moving-average.js";

/** How much a worker runs at a time. */
export interface Slots {
  /** Steps at a time (MAXQ_MAX_CONCURRENT_STEPS). */
  readonly steps: number;
  /** Flow calls at a time; slots of their own, so that steps never starve the callback that would end their run. */
  readonly calls: number;
  /** Steps claimed by one statement at most (MAXQ_SCHEDULER_BATCH_SIZE). */
  readonly batch: number;
}

/** What an exchange asks for. */
export type Ask = Pick<
  ExchangeRequest,
  "freeSteps" | "aheadSteps" | "freeCalls" | "lookForSteps" | "lookForCalls"
>;

/** An exchange's request for work, and what is to be remembered of its moment. */
export interface Asked {
  readonly ask: Ask;
  /** Hints that there is work had come by then, so many. */
  readonly hints: number;
  /** It tells of the ends of steps while others run: what it brings shows whether it pays not to wait for those. */
  readonly early: boolean;
}

const nothing: Ask = {
  freeSteps: 0,
  aheadSteps: 0,
  freeCalls: 0,
  lookForSteps: false,
  lookForCalls: false,
};

/** What its worker's capacity depends on besides what it holds. */
export interface CapacityAsks {
  /** See `ScriptRunner.keepsWaiting`. */
  readonly keepsWaiting: () => boolean;
  /** How much of the queue may not start yet: for the slots it is not there. */
  readonly held: () => number;
}

/** How much more this worker can take, and whether it is worth asking for it. */
export class Capacity {
  readonly #slots: Slots;
  readonly #holdings: Holdings;
  readonly #clock: Clock;
  readonly #asks: CapacityAsks;
  readonly #commit = new MovingAverage(0.1);
  readonly #step = new MovingAverage(0.1);
  #mayAskSteps = true;
  #mayAskCalls = true;
  /** The last early exchange that had steps' slots to fill brought nothing. Others say nothing of that: where no step runs, there is nothing to wait for. */
  #fruitless = false;
  /** Counts the hints that there is work, to notice those that come while an exchange is under way. */
  #hints = 0;

  /** The last step ended well: whether one fails is not known beforehand, and after it the next ones are given back more often than not. */
  #smooth = true;

  constructor(slots: Slots, holdings: Holdings, clock: Clock, asks: CapacityAsks) {
    this.#asks = asks;
    this.#slots = slots;
    this.#holdings = holdings;
    this.#clock = clock;
  }

  /** Something suggests that there is work to claim. */
  hint(): void {
    this.#hints++;
    this.#mayAskSteps = true;
    this.#mayAskCalls = true;
  }

  /** An exchange that asked for so much was answered with so much, after so many ms. */
  answered({ ask, hints, early }: Asked, claimed: readonly ClaimedTask[], tookMs: number): void {
    this.#commit.add(tookMs);
    let calls = 0;
    for (const { kind } of claimed) if (kind === "flow") calls++;
    const steps = claimed.length - calls;
    const hinted = this.#hints !== hints;
    if (ask.freeSteps > 0 && early) this.#fruitless = claimed.length === 0;
    this.#mayAskSteps = hinted || steps >= ask.freeSteps + ask.aheadSteps;
    this.#mayAskCalls = hinted || calls >= ask.freeCalls;
  }

  stepEnded({ result, durationMs }: Outcome): void {
    this.#step.add(durationMs);
    this.#smooth = result === "success";
  }

  /** How many steps may be handed to the launcher beyond the slots. */
  handOver(): number {
    return this.#smooth && this.#asks.keepsWaiting() ? this.#ahead().handOver : 0;
  }

  /** What an exchange asks for that goes out now; with `claiming` false nothing. */
  ask(claiming: boolean): Asked {
    const { runningSteps, outcomes, finishedCalls } = this.#holdings;
    const early = runningSteps > 0 && outcomes.length > finishedCalls;
    return { ask: claiming ? this.#wanted() : nothing, hints: this.#hints, early };
  }

  #wanted(): Ask {
    const freeSteps = Math.min(this.#emptySteps(), this.#slots.batch);
    const aheadSteps = Math.max(
      0,
      Math.min(this.#ahead().steps - this.#holdings.ahead, this.#slots.batch - freeSteps),
    );
    return {
      freeSteps,
      aheadSteps,
      freeCalls: this.#emptyCalls(),
      lookForSteps: this.#mayAskSteps,
      lookForCalls: this.#mayAskCalls,
    };
  }

  /** What the decision to send is made from; with `claiming` false nothing is asked for. */
  view(claiming: boolean): FlushView {
    const holdings = this.#holdings;
    return {
      finishedSteps: holdings.outcomes.length - holdings.finishedCalls,
      urgentCalls: holdings.urgentCalls(),
      notes: holdings.released.length + holdings.started.length,
      waitingSince: holdings.waitingSince,
      emptySteps: claiming ? this.#emptySteps() : 0,
      emptyCalls: claiming ? this.#emptyCalls() : 0,
      patienceMs: this.#patient() ? Math.min(this.#commit.value ?? 0, SHORTEST_GATHER_MS) : 0,
      queued: holdings.ahead - this.#asks.held(),
      ahead: claiming ? this.#ahead() : nothingAhead,
      mayAskSteps: this.#mayAskSteps,
      mayAskCalls: this.#mayAskCalls,
    };
  }

  #patient(): boolean {
    const holdings = this.#holdings;
    return (this.#fruitless && holdings.runningSteps > 0) || holdings.awaitsCall();
  }

  #emptySteps(): number {
    const { runningSteps, queue } = this.#holdings;
    return Math.max(0, this.#slots.steps - runningSteps - (queue.length - this.#asks.held()));
  }

  #emptyCalls(): number {
    return Math.max(0, this.#slots.calls - this.#holdings.runningCalls);
  }

  #ahead(): ClaimAhead {
    return claimAhead({
      slots: this.#slots.steps,
      commitMs: this.#commit.value,
      stepMs: this.#step.value,
      runningMs: this.#holdings.runningMs(this.#clock.now()),
    });
  }
}
