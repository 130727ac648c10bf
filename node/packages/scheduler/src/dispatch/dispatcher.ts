import type { Inheritance } from "@maxq/core";
import type { ClaimedTask, Outcome, RunControl } from "@maxq/db";
import { AttemptLog } from "../log/attempt-log.js";
import type { Service } from "../service/service.js";
import { holdTask, type HeldTask } from "../task/held-task.js";
import { Alarm } from "./alarm.js";
import { Capacity, type Slots } from "./capacity.js";
import { ClaimedAhead } from "./claimed-ahead.js";
import { Exchange } from "./exchange.js";
import { decideFlush } from "./flush-policy.js";
import { Holdings } from "./holdings.js";
import { Intake } from "./intake.js";
import type { DispatchPorts } from "./ports.js";
import { Rest } from "./rest.js";
import { Settled } from "./settled.js";
import { startQueued } from "./start-queued.js";
import { Suspects } from "./suspects.js";

/** Not `queueMicrotask`, which makes an async resource each time. */
const soon = Promise.resolve();

/** The loop around the exchange: records what ended, claims what is free, starts what was claimed. One exchange is in flight at a time. */
export class Dispatcher implements Service {
  readonly holdings: Holdings;
  readonly #ports: DispatchPorts;
  readonly #slots: Slots;
  readonly #graceMs: number;
  readonly #capacity: Capacity;
  readonly #claimedAhead: ClaimedAhead;
  readonly #exchange: Exchange;
  readonly #intake: Intake;
  readonly #settled: Settled;
  readonly #rest: Rest;
  readonly #alarm: Alarm;
  readonly #log: AttemptLog;
  readonly #suspects: Suspects;
  #claiming = false;
  #stopped = false;
  #inFlight: Promise<void> | null = null;
  #pumpDue = false;
  #failed = false;
  #active = false;

  /** `graceMs`: between SIGTERM and SIGKILL of aborted scripts. */
  constructor(ports: DispatchPorts, slots: Slots, graceMs: number) {
    this.#ports = ports;
    this.#slots = slots;
    this.#graceMs = graceMs;
    this.holdings = new Holdings(slots.steps);
    this.#suspects = new Suspects(this.holdings, ports.clock);
    const { keepsWaiting } = ports;
    this.#capacity = new Capacity(slots, this.holdings, ports.clock, {
      keepsWaiting,
      held: () => this.#suspects.held,
    });
    this.#claimedAhead = new ClaimedAhead(this.holdings, ports.clock, () => this.#pumpSoon());
    this.#log = new AttemptLog(ports.logger);
    const logged = { ...ports, recorded: this.#log.andThen(ports.recorded), log: this.#log };
    this.#exchange = new Exchange(logged);
    this.#intake = new Intake(this.holdings, logged, () => this.#mayClaim());
    this.#settled = new Settled(ports.idle);
    this.#rest = new Rest(ports, () => this.wake());
    this.#alarm = new Alarm(ports.clock, () => this.#pump());
  }

  /** Begins to claim. */
  start(): void {
    this.#claiming = true;
    this.wake();
  }

  /** Claims nothing more and hands back what was not started; what runs goes on, and its outcomes are recorded. */
  close(): void {
    this.#claiming = false;
    this.holdings.giveBack(this.#ports.clock.now(), () => true);
    this.#pumpSoon();
  }

  /** Closes, and ends for good: nothing is sent after the exchange in flight. Outcomes not recorded by then are left to rescue. */
  async stop(): Promise<void> {
    this.close();
    this.#stopped = true;
    this.#exchange.stop();
    this.#claimedAhead.stop();
    this.#rest.stop();
    this.#alarm.stop();
    await this.#inFlight;
    this.#settled.release();
  }

  /** Takes over what a dead predecessor owned, before `start`: what its launcher has, running or ended, and what was never started. */
  adopt(tasks: readonly ClaimedTask[], inheritance: Inheritance): void {
    const now = this.#ports.clock.now();
    const unstarted = [];
    for (const task of tasks) {
      const held = holdTask(task, now, false);
      const inherited = inheritance.take({ ...task, attemptKey: held.attemptKey });
      if (inherited === null) {
        unstarted.push(task);
        continue;
      }
      this.#settled.busy();
      this.holdings.run(held, now - inherited.ranMs, true);
      this.#log.started(task, true);
      this.#ports.adopt(held, inherited.process, this.#finished, this.#withdrawn);
      if (task.control !== null && task.control !== "pause")
        inherited.process.terminate("abort", this.#graceMs);
    }
    if (tasks.length > 0) this.#log.adopted(tasks.length, unstarted.length);
    this.#intake.unstarted(unstarted);
    this.#claimedAhead.watch();
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
      this.holdings.giveBack(this.#ports.clock.now(), ({ task }) => task.runId === runId);
      // Also what waits at the launcher, which may begin it before it hears of that.
      if (word !== "pause") this.holdings.terminate("abort", this.#graceMs, (task) => task.runId === runId);
    }
    this.#pumpSoon();
  }

  /** Resolves when nothing runs, waits or is in flight, at once if that is so, and on `stop`. After `close` that comes as soon as all scripts have ended. */
  whenSettled(): Promise<void> {
    return this.settled || this.#stopped ? Promise.resolve() : this.#settled.next();
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
    if (outcome.result === "handed_back" && outcome.problem !== null) {
      this.#unable(held, outcome.problem.message);
      return;
    }
    const now = this.#ports.clock.now();
    // Its end may be heard of before that of the one for which it waited.
    if (held.waits) this.#begins(held, now);
    const next = this.holdings.finish(held, outcome, now);
    if (next !== null) this.#begins(next, now);
    this.#log.ended(held.task, outcome);
    if (outcome.result === "failure") {
      this.#failed = true;
      this.#suspects.add(outcome.stageKey);
    }
    if (outcome.killedBy === "fence" && held.goesTo !== "nowhere") this.#fenced(outcome.signal !== null);
    this.#rest.forget();
    if (held.task.kind === "step") this.#capacity.stepEnded(outcome);
    this.#startQueued();
    this.#pumpSoon();
  };

  /** It waited at the launcher, which returns it: it was asked for, or one that ran went wrong. What runs did not change, unless it is thought to run. */
  readonly #withdrawn = (held: HeldTask): void => {
    const now = this.#ports.clock.now();
    const next = this.holdings.withdrawn(held, this.#mayClaim(), now);
    if (next !== null) this.#begins(next, now);
    this.#claimedAhead.watch();
    this.#pumpSoon();
  };

  /** The launcher's clock counts while the machine sleeps, this one's does not: what is claimed before the next renewal would come back unstarted. */
  #fenced(killed: boolean): void {
    const { lease, fenced, killedAtDeadline } = this.#ports;
    if (killed) killedAtDeadline();
    if (!lease.holds()) return;
    lease.doubt();
    fenced();
  }

  /** This machine could not start it: it goes back as what was not started, which is no attempt. Others may be able to start it, so this worker takes nothing for a while. */
  #unable(held: HeldTask, why: string): void {
    this.#log.notStarted(held.task, why);
    this.#rest.begin(why);
    // The launcher forgets it before somebody starts the same attempt there.
    this.#ports.recorded(held.task);
    this.#withdrawn(held);
    this.holdings.giveBack(this.#ports.clock.now(), () => true);
  }

  /** After the callbacks that are due already, so that scripts which ended together are recorded together. */
  #pumpSoon(): void {
    if (this.#pumpDue) return;
    this.#pumpDue = true;
    void soon.then(this.#pumpNow);
  }

  readonly #pumpNow = (): void => {
    this.#pumpDue = false;
    this.#pump();
  };

  #pump(): void {
    this.#startQueued();
    if (this.#inFlight !== null || this.#stopped) return;
    const { clock } = this.#ports;
    const decision = decideFlush(this.#capacity.view(this.#mayClaim()), clock.now());
    if (decision.action === "send") this.#send();
    else if (decision.action === "wait") this.#alarm.within(decision.ms);
    else if (this.settled) this.#settled.rest();
  }

  #send(): void {
    this.#inFlight = this.#trade()
      .catch((error: unknown) => {
        this.#ports.logger.error({ err: error }, "What an exchange brought could not be taken in.");
      })
      .then(() => {
        this.#inFlight = null;
        this.#pump();
      });
  }

  async #trade(): Promise<void> {
    const { clock, attemptsFailed, runsEnded, instruments } = this.#ports;
    const asked = this.#capacity.ask(this.#mayClaim());
    const sentAt = clock.now();
    const failed = this.#failed;
    this.#failed = false;
    if (this.holdings.hasPending()) this.#active = true;
    const endedAt = this.holdings.outcomes.length === 0 ? null : this.holdings.waitingSince;
    const result = await this.#exchange.send(this.holdings, asked.ask);
    if (failed) attemptsFailed();
    if (result.reason === "stopped") return;
    if (result.reason === "owned") {
      this.#capacity.hint();
      if (this.#intake.owned(result.tasks)) this.#claimedAhead.watch();
      this.#suspects.unanswered();
      return;
    }
    const { answer } = result;
    this.#capacity.answered(asked, answer.claimed, clock.now() - sentAt);
    if (answer.claimed.length > 0) this.#active = true;
    if (this.#intake.answer(answer, asked.ask)) this.#claimedAhead.watch();
    if (answer.controls.length > 0) this.control(answer.controls);
    this.#suspects.answered(answer.failing);
    const running = this.holdings.running.size;
    this.#startQueued();
    if (endedAt !== null && this.holdings.running.size > running) instruments.hopped(clock.now() - endedAt);
    if (answer.ended.length > 0) runsEnded(answer.ended);
  }

  #startQueued(): void {
    if (this.holdings.queue.length > 0 && this.#mayClaim())
      startQueued(this.holdings, this.#slots, this.#capacity.handOver(), this.#mayStart, this.#start);
  }

  readonly #mayStart = ({ task }: HeldTask): boolean => !this.#suspects.hold(task);

  readonly #start = (held: HeldTask): void => {
    this.#settled.busy();
    const { clock, run } = this.#ports;
    const now = clock.now();
    this.holdings.run(held, now);
    run(held, this.#finished, this.#withdrawn);
    if (held.waits) this.#claimedAhead.watch();
    else this.#begins(held, now);
  };

  /** It runs, as far as is known here. */
  #begins({ task, claimedAt }: HeldTask, now: number): void {
    this.#ports.instruments.started(task.kind, task.waitedMs + now - claimedAt);
    this.#log.started(task, false);
  }

  #mayClaim(): boolean {
    return this.#claiming && !this.#rest.rests && this.#ports.lease.holds();
  }
}
