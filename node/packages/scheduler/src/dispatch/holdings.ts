import type { AttemptRef, Outcome, TaskRef } from "@maxq/db";
import type { HeldTask } from "../task/held-task.js";

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
  /** By attempt key; steps and flow calls. */
  readonly running = new Map<string, HeldTask>();
  outcomes: Outcome[] = [];
  released: AttemptRef[] = [];
  started: TaskRef[] = [];
  runningSteps = 0;
  runningCalls = 0;
  finishedCalls = 0;
  /** Since when the oldest outcome, release or mark waits; null if there is none. */
  waitingSince: number | null = null;
  /** Sum of the moments at which the running steps started. */
  #stepStarts = 0;

  /** A task was started. */
  run(held: HeldTask, now: number): void {
    held.startedAt = now;
    this.running.set(held.attemptKey, held);
    if (held.task.kind === "flow") this.runningCalls++;
    else {
      this.runningSteps++;
      this.#stepStarts += now;
    }
  }

  /** A running task ended with this outcome. */
  finish(held: HeldTask, outcome: Outcome, now: number): void {
    this.leave(held);
    this.outcomes.push(outcome);
    if (held.task.kind === "flow") this.finishedCalls++;
    this.waitingSince ??= now;
  }

  /** A running task ended, and nothing is to be recorded. */
  leave(held: HeldTask): void {
    if (!this.running.delete(held.attemptKey)) return;
    if (held.task.kind === "flow") this.runningCalls--;
    else {
      this.runningSteps--;
      this.#stepStarts = this.runningSteps === 0 ? 0 : this.#stepStarts - (held.startedAt ?? 0);
    }
  }

  /** A task that was not started is handed back with the next exchange. */
  release(held: HeldTask, now: number): void {
    this.released.push({ key: held.task.key, attempt: held.task.attempt });
    this.waitingSince ??= now;
  }

  /** Hands back what waits in the queue and is chosen. */
  releaseQueued(now: number, chosen: (held: HeldTask) => boolean): void {
    const kept = this.queue.filter((held) => {
      if (!chosen(held)) return true;
      this.release(held, now);
      return false;
    });
    this.queue.length = 0;
    this.queue.push(...kept);
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
    this.outcomes = all ? [] : this.outcomes.slice(most);
    this.released = [];
    this.started = [];
    this.finishedCalls = all ? 0 : this.#countCalls();
    if (all) this.waitingSince = null;
    return pending;
  }

  /** Puts back what could not be recorded, before what came since. */
  putBack(pending: Pending, now: number): void {
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

  hasPending(): boolean {
    return this.outcomes.length > 0 || this.released.length > 0 || this.started.length > 0;
  }

  /** Nothing owned, nothing to tell. */
  isEmpty(): boolean {
    return this.running.size === 0 && this.queue.length === 0 && !this.hasPending();
  }

  /** Average age of the running steps in ms, 0 if none runs. */
  runningMs(now: number): number {
    return this.runningSteps === 0 ? 0 : now - this.#stepStarts / this.runningSteps;
  }

  #countCalls(): number {
    return this.outcomes.filter(({ kind }) => kind === "flow").length;
  }
}
