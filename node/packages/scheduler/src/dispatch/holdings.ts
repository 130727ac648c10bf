import type { KillReason } from "@maxq/core";
import type { AttemptRef, ClaimedTask, Outcome, TaskRef } from "@maxq/db";
import type { HeldTask } from "../task/held-task.js";
import { Settled } from "./settled.js";

/** What is to be told to the database with the next exchange. */
export interface Pending {
  readonly outcomes: readonly Outcome[];
  readonly released: readonly AttemptRef[];
  readonly started: readonly TaskRef[];
}

/** Everything that this worker owns, by how far it is: claimed ahead, running, ended and not yet recorded. */
export class Holdings {
  /** Claimed ahead, in the order in which they start. */
  readonly queue: HeldTask[] = [];
  /** What the runner has, by attempt key; steps and flow calls, and what waits at the launcher. */
  readonly running = new Map<string, HeldTask>();
  /**
   * Those of them that wait at the launcher for others to end, in the order in which they begin. It is the launcher that begins them: here each counts as begun when
   * the end is heard of that made room for it, so some of these, the first ones, may run already, and no others wait there.
   */
  readonly waiting = new Set<HeldTask>();
  outcomes: Outcome[] = [];
  released: AttemptRef[] = [];
  started: TaskRef[] = [];
  /** Those that wait at the launcher included. */
  runningSteps = 0;
  runningCalls = 0;
  finishedCalls = 0;
  /** Since when the oldest outcome, release or mark waits; null if there is none. */
  waitingSince: number | null = null;
  /** Ends of flow calls that bring nothing before a step has ended which was claimed while the call ran: the one that it asked for over HTTP. */
  readonly #patient = new WeakSet<Outcome>();
  /** Steps at a time. */
  readonly #slots: number;
  /** Sum of the moments at which the steps began that have a slot. */
  #stepStarts = 0;
  #places = 0;
  /** Outcomes that were taken to be told, and are not put back nor recorded. */
  #telling = 0;
  readonly #quiet = new Settled(() => undefined);

  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Steps that have a slot. */
  get busySteps(): number {
    return this.runningSteps - this.waiting.size;
  }

  /** Claimed ahead and not begun: in the queue, and at the launcher. */
  get ahead(): number {
    return this.queue.length + this.waiting.size;
  }

  /** To be started, after all that is in the queue. */
  enqueue(held: HeldTask): void {
    held.place = this.#places++;
    this.queue.push(held);
  }

  /** A task was started; a step for which there is no slot waits at the launcher, unless it was adopted and `runs`. */
  run(held: HeldTask, now: number, runs = false): void {
    held.startedAt = now;
    this.running.set(held.attemptKey, held);
    if (held.task.kind === "flow") {
      this.runningCalls++;
      return;
    }
    held.waits = !runs && this.busySteps >= this.#slots;
    this.runningSteps++;
    if (held.waits) this.waiting.add(held);
    else this.#stepStarts += now;
  }

  /** A task that was started ended with this outcome. Answers the step that begins in its place, having waited at the launcher, or null. */
  finish(held: HeldTask, outcome: Outcome, now: number): HeldTask | null {
    const next = this.#leave(held, now);
    this.outcomes.push(outcome);
    if (held.task.kind === "flow") {
      this.finishedCalls++;
      if (asksForNothing(outcome) && this.#askedFor(held)) this.#patient.add(outcome);
    }
    this.waitingSince ??= now;
    return next;
  }

  /** The launcher did not start it and returns it. It goes back to where it was in the queue, or to the database. Answers as `finish` does. */
  withdrawn(held: HeldTask, mayStart: boolean, now: number): HeldTask | null {
    const next = this.#leave(held, now);
    held.startedAt = held.process = null;
    if (held.goesTo === "nowhere") return next;
    if (held.goesTo === "database" || !mayStart) this.release(held, now);
    else {
      const after = this.queue.findIndex(({ place }) => place > held.place);
      this.queue.splice(after < 0 ? this.queue.length : after, 0, held);
    }
    return next;
  }

  #leave(held: HeldTask, now: number): HeldTask | null {
    if (!this.running.delete(held.attemptKey)) return null;
    if (this.running.size === 0) this.#quiet.release();
    if (held.task.kind === "flow") {
      this.runningCalls--;
      return null;
    }
    this.runningSteps--;
    if (this.waiting.delete(held)) {
      held.waits = false;
      return null;
    }
    this.#stepStarts = this.busySteps === 0 ? 0 : this.#stepStarts - (held.startedAt ?? 0);
    return this.busySteps < this.#slots ? this.#nextBegins(now) : null;
  }

  #nextBegins(now: number): HeldTask | null {
    for (const next of this.waiting) {
      this.waiting.delete(next);
      next.waits = false;
      next.startedAt = now;
      this.#stepStarts += now;
      return next;
    }
    return null;
  }

  /** A task that was not started is handed back with the next exchange. */
  release(held: HeldTask, now: number): void {
    this.released.push({ key: held.task.key, attempt: held.task.attempt });
    this.waitingSince ??= now;
  }

  /**
   * Hands back what was not started and is chosen: at once what is in the queue, as soon as the launcher returns it what waits there. That may be something that is thought
   * to run: a start that was sent before the launcher's word of a failure was heard may come back after the store has said what is to be given back.
   */
  giveBack(now: number, chosen: (held: HeldTask) => boolean): void {
    const kept = this.queue.filter((held) => {
      if (!chosen(held)) return true;
      this.release(held, now);
      return false;
    });
    this.queue.length = 0;
    this.queue.push(...kept);
    for (const held of this.running.values())
      if (held.goesTo === "queue" && chosen(held)) held.goesTo = "database";
    this.takeBack(chosen);
  }

  /** Asks the launcher for what waits there and is chosen; see `withdrawn`. */
  takeBack(chosen: (held: HeldTask) => boolean): void {
    for (const held of this.waiting) if (chosen(held)) held.process?.withdraw();
  }

  /** Ends what runs and is chosen; answers how many that were. */
  terminate(
    reason: KillReason,
    graceMs: number,
    chosen: (task: ClaimedTask) => boolean = () => true,
  ): number {
    let count = 0;
    for (const { task, process } of this.running.values()) {
      if (process === null || !chosen(task)) continue;
      process.terminate(reason, graceMs);
      count++;
    }
    return count;
  }

  /** A task that was claimed ahead runs: told with the next exchange. */
  markStarted(held: HeldTask, now: number): void {
    held.markedStarted = true;
    const { key, attempt, runId } = held.task;
    this.started.push({ key, attempt, runId });
    this.waitingSince ??= now;
  }

  /** Takes what waits to be told, at most so many outcomes; it belongs to the caller until it was recorded, or is put back. */
  take(most = Number.POSITIVE_INFINITY): Pending {
    const all = this.outcomes.length <= most;
    const pending = {
      outcomes: all ? this.outcomes : this.outcomes.slice(0, most),
      released: this.released,
      started: this.started,
    };
    this.#telling = pending.outcomes.length;
    this.#outlast(pending.outcomes);
    this.outcomes = all ? [] : this.outcomes.slice(most);
    this.released = [];
    this.started = [];
    this.finishedCalls = all ? 0 : this.#countCalls();
    if (all) this.waitingSince = null;
    return pending;
  }

  /** What was taken is recorded. */
  told(): void {
    this.#telling = 0;
  }

  /** Outcomes that wait to be recorded, or are being told. */
  get unrecorded(): number {
    return this.outcomes.length + this.#telling;
  }

  /** Resolves when the runner has nothing, at once if that is so. */
  whenQuiet(): Promise<void> {
    return this.running.size === 0 ? Promise.resolve() : this.#quiet.next();
  }

  /** Puts back what could not be recorded, before what came since. */
  putBack(pending: Pending, now: number): void {
    this.#telling = 0;
    this.outcomes = [...pending.outcomes, ...this.outcomes];
    this.released = [...pending.released, ...this.released];
    this.started = [...pending.started, ...this.started];
    this.finishedCalls = this.#countCalls();
    this.waitingSince = this.hasPending() ? now : null;
  }

  /** Runs of which something is claimed or runs here. */
  runIds(): Set<string> {
    return new Set([...this.running.values(), ...this.queue].map(({ task }) => task.runId));
  }

  /**
   * How many outcomes of flow calls wait that may bring work. One that asked for its stage over HTTP, and whose steps run here, brings nothing before they have ended:
   * told together with the first of them, it takes an exchange less. One beside which only older steps run may be what the next call of its run waits for.
   */
  urgentCalls(): number {
    if (this.finishedCalls === 0) return 0;
    const runs = new Set<string>();
    for (const { task } of this.running.values()) if (task.kind === "step") runs.add(task.runId);
    return this.outcomes.filter(
      (outcome) => outcome.kind === "flow" && !(this.#patient.has(outcome) && runs.has(outcome.runId)),
    ).length;
  }

  /** Whether an outcome of a step waits while a flow call of its run runs here, without whose end the flow is not called back. Each call is waited for once. */
  awaitsCall(): boolean {
    if (this.runningCalls === 0 || this.outcomes.length === this.finishedCalls) return false;
    const runs = new Set<string>();
    for (const { task, outlasted } of this.running.values())
      if (task.kind === "flow" && !outlasted) runs.add(task.runId);
    return this.outcomes.some(({ kind, runId }) => kind === "step" && runs.has(runId));
  }

  /** Outcomes of steps are about to be told: calls of their runs that run on are not waited for again. */
  #outlast(outcomes: readonly Outcome[]): void {
    if (this.runningCalls === 0) return;
    const runs = new Set(outcomes.filter(({ kind }) => kind === "step").map(({ runId }) => runId));
    for (const held of this.running.values())
      if (held.task.kind === "flow" && runs.has(held.task.runId)) held.outlasted = true;
  }

  #askedFor(call: HeldTask): boolean {
    for (const { task, claimedAt } of this.running.values())
      if (task.kind === "step" && task.runId === call.task.runId && claimedAt > call.claimedAt) return true;
    return false;
  }

  hasPending(): boolean {
    return this.outcomes.length > 0 || this.released.length > 0 || this.started.length > 0;
  }

  /** Nothing owned, nothing to tell. */
  isEmpty(): boolean {
    return this.running.size === 0 && this.queue.length === 0 && !this.hasPending();
  }

  /** Average age of the steps that have a slot in ms, 0 if none has. */
  runningMs(now: number): number {
    return this.busySteps === 0 ? 0 : now - this.#stepStarts / this.busySteps;
  }

  #countCalls(): number {
    return this.outcomes.filter(({ kind }) => kind === "flow").length;
  }
}

/** Not on its stdout, in any case. */
function asksForNothing({ result, document }: Outcome): boolean {
  return result === "success" && (document?.reason === "none" || document?.reason === "invalid");
}
