import type { KillReason } from "@maxq/core";
import type { ClaimedTask, ExchangeAnswer, Outcome, RunControl, WorkStore } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import type { Reachability } from "../database/reachability.js";
import type { Lease } from "../heartbeat/lease.js";
import type { WorkerLogger } from "../logger.js";
import type { Service } from "../service/service.js";
import { holdTask, type HeldTask } from "../task/held-task.js";
import type { Finished } from "../task/run-task.js";
import { Capacity, type Ask, type Slots } from "./capacity.js";
import { ClaimedAhead } from "./claimed-ahead.js";
import { Exchange } from "./exchange.js";
import { decideFlush } from "./flush-policy.js";
import { Holdings } from "./holdings.js";
import { reconcile } from "./reconcile.js";

/** What the dispatch loop works with. */
export interface DispatchPorts {
  readonly store: WorkStore;
  readonly clock: Clock;
  readonly logger: WorkerLogger;
  readonly reachability: Reachability;
  readonly lease: Lease;
  /** Starts a task and tells its outcome once. */
  readonly run: (held: HeldTask, finished: Finished) => void;
  /** Runs that ended in an exchange of this worker. */
  readonly runsEnded: (runIds: readonly string[]) => void;
  /** Attempts failed: a retry may be waiting for its time. */
  readonly attemptsFailed: () => void;
  /** Nothing is owned and nothing is to be told any more. */
  readonly idle: () => void;
}

/** The loop around the exchange: records what ended, claims what is free, starts what was claimed. One exchange is in flight at a time. */
export class Dispatcher implements Service {
  readonly holdings = new Holdings();
  readonly #ports: DispatchPorts;
  readonly #slots: Slots;
  readonly #graceMs: number;
  readonly #capacity: Capacity;
  readonly #claimedAhead: ClaimedAhead;
  readonly #exchange: Exchange;
  #claiming = false;
  #stopped = false;
  #inFlight: Promise<void> | null = null;
  #pumpDue = false;
  #cancelTimer: (() => void) | null = null;
  #whenSettled: (() => void)[] = [];
  #idle = true;
  #failed = false;
  #active = false;

  /** `graceMs`: between SIGTERM and SIGKILL of aborted scripts. */
  constructor(ports: DispatchPorts, slots: Slots, graceMs: number) {
    this.#ports = ports;
    this.#slots = slots;
    this.#graceMs = graceMs;
    this.#capacity = new Capacity(slots, this.holdings, ports.clock);
    this.#claimedAhead = new ClaimedAhead(this.holdings, ports.clock, () => this.#pumpSoon());
    this.#exchange = new Exchange(ports);
  }

  /** Begins to claim. */
  start(): void {
    this.#claiming = true;
    this.wake();
  }

  /** Claims nothing more and hands back what was not started; what runs goes on, and its outcomes are recorded. */
  close(): void {
    this.#claiming = false;
    this.holdings.releaseQueued(this.#ports.clock.now(), () => true);
    this.#pumpSoon();
  }

  /** Closes, and ends for good: nothing is sent after the exchange in flight. Outcomes not recorded by then are left to rescue. */
  async stop(): Promise<void> {
    this.close();
    this.#stopped = true;
    this.#exchange.stop();
    this.#claimedAhead.stop();
    this.#unsetTimer();
    await this.#inFlight;
    this.#tellSettled();
  }

  /** One exchange now, whatever there is to tell; joins the one in flight. */
  runOnce(): Promise<void> {
    if (this.#inFlight === null && !this.#stopped) this.#send();
    return this.#inFlight ?? Promise.resolve();
  }

  /** Something suggests that there is work to claim. */
  wake(): void {
    this.#capacity.hint();
    this.#pumpSoon();
  }

  /** Obeys words that stand on runs: hands back what was not started; abort and fail end what runs. */
  control(controls: readonly RunControl[]): void {
    for (const { runId, word } of controls) {
      this.holdings.releaseQueued(this.#ports.clock.now(), ({ task }) => task.runId === runId);
      if (word !== "pause") this.terminate("abort", this.#graceMs, (task) => task.runId === runId);
    }
    this.#pumpSoon();
  }

  /** Ends what runs and is chosen; answers how many that were. */
  terminate(
    reason: KillReason,
    graceMs: number,
    chosen: (task: ClaimedTask) => boolean = () => true,
  ): number {
    let count = 0;
    for (const { task, process } of this.holdings.running.values()) {
      if (process === null || !chosen(task)) continue;
      process.terminate(reason, graceMs);
      count++;
    }
    return count;
  }

  /** Resolves when nothing runs, waits or is in flight, at once if that is so, and on `stop`. After `close` that comes as soon as all scripts have ended. */
  whenSettled(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenSettled.push(resolve);
      this.#tellSettled();
    });
  }

  /** Nothing is owned and nothing is to be told. */
  get settled(): boolean {
    return this.#inFlight === null && this.holdings.isEmpty();
  }

  /** Whether anything was claimed or recorded since the last call. */
  wasActive(): boolean {
    const active = this.#active;
    this.#active = false;
    return active;
  }

  readonly #finished = (held: HeldTask, outcome: Outcome): void => {
    if (outcome.result === "failure") this.#failed = true;
    this.holdings.finish(held, outcome, this.#ports.clock.now());
    if (held.task.kind === "step") this.#capacity.stepTook(outcome.durationMs);
    this.#startQueued();
    this.#pumpSoon();
  };

  /** After the callbacks that are due already, so that scripts which ended together are recorded together. */
  #pumpSoon(): void {
    if (this.#pumpDue) return;
    this.#pumpDue = true;
    queueMicrotask(() => {
      this.#pumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    this.#startQueued();
    if (this.#inFlight !== null || this.#stopped) return;
    const { clock } = this.#ports;
    const decision = decideFlush(this.#capacity.view(this.#mayClaim()), clock.now());
    this.#unsetTimer();
    if (decision.action === "send") this.#send();
    else if (decision.action === "wait") this.#cancelTimer = clock.after(decision.ms, () => this.#pump());
    else this.#tellSettled();
  }

  #send(): void {
    this.#unsetTimer();
    this.#inFlight = this.#trade().finally(() => {
      this.#inFlight = null;
      this.#pump();
    });
  }

  async #trade(): Promise<void> {
    const { clock } = this.#ports;
    const ask: Ask = this.#mayClaim() ? this.#capacity.ask() : { freeSteps: 0, aheadSteps: 0, freeCalls: 0 };
    const hints = this.#capacity.hints;
    const sentAt = clock.now();
    const failed = this.#failed;
    this.#failed = false;
    if (this.holdings.hasPending()) this.#active = true;
    const result = await this.#exchange.send(this.holdings, ask);
    if (failed) this.#ports.attemptsFailed();
    if (result.reason === "owned") this.#adopt(result.tasks);
    if (result.reason !== "answered") return;
    const { answer } = result;
    const calls = answer.claimed.reduce((sum, { kind }) => sum + (kind === "flow" ? 1 : 0), 0);
    this.#capacity.answered(ask, answer.claimed.length - calls, calls, hints, clock.now() - sentAt);
    this.#absorb(answer, ask.freeSteps);
  }

  #absorb(answer: ExchangeAnswer, freeSteps: number): void {
    const { logger, clock, runsEnded } = this.#ports;
    if (answer.stale.length > 0)
      logger.debug({ keys: answer.stale }, "Outcomes came too late and were ignored.");
    const now = clock.now();
    let steps = 0;
    if (answer.claimed.length > 0) this.#active = true;
    for (const task of answer.claimed) {
      const started = task.kind === "flow" || steps++ < freeSteps;
      this.#take(holdTask(task, now, started), now);
    }
    if (answer.controls.length > 0) this.control(answer.controls);
    if (answer.ended.length > 0) runsEnded(answer.ended);
    this.#startQueued();
    if (this.holdings.queue.length > 0) this.#claimedAhead.watch();
  }

  /** After an exchange whose outcome is not known: what the database says is what counts. */
  #adopt(owned: readonly ClaimedTask[]): void {
    const { clock, logger } = this.#ports;
    const { unknown, disowned } = reconcile(this.holdings, owned);
    if (disowned.length > 0)
      logger.warn({ count: disowned.length }, "Scripts whose steps belong to others now are ended.");
    for (const { process } of disowned) process?.terminate("fence", 0);
    const now = clock.now();
    for (const task of unknown) this.#take(holdTask(task, now, false), now);
    this.#capacity.hint();
    if (unknown.length > 0) this.#claimedAhead.watch();
  }

  #take(held: HeldTask, now: number): void {
    if (held.task.control !== null || !this.#mayClaim()) this.holdings.release(held, now);
    else this.holdings.queue.push(held);
  }

  #startQueued(): void {
    const { queue } = this.holdings;
    if (queue.length === 0 || !this.#mayClaim()) return;
    const waiting: HeldTask[] = [];
    for (const held of queue) {
      if (this.#hasSlot(held)) this.#start(held);
      else waiting.push(held);
    }
    queue.length = 0;
    queue.push(...waiting);
  }

  #start(held: HeldTask): void {
    this.#idle = false;
    this.holdings.run(held, this.#ports.clock.now());
    this.#ports.run(held, this.#finished);
  }

  #hasSlot({ task }: HeldTask): boolean {
    return task.kind === "flow"
      ? this.holdings.runningCalls < this.#slots.calls
      : this.holdings.runningSteps < this.#slots.steps;
  }

  #mayClaim(): boolean {
    return this.#claiming && this.#ports.lease.holds();
  }

  #unsetTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #tellSettled(): void {
    const { settled } = this;
    if (settled && !this.#idle) this.#ports.idle();
    this.#idle = settled;
    if (!(settled || this.#stopped) || this.#whenSettled.length === 0) return;
    const waiting = this.#whenSettled;
    this.#whenSettled = [];
    for (const resolve of waiting) resolve();
  }
}
