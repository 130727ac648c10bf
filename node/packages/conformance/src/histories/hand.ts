import type { ClaimedTask, Outcome } from "@maxq/db";
import type { TestWorker } from "../kit/test-worker.js";

/** What a worker has claimed and not told the end of. */
export interface Held {
  readonly task: ClaimedTask;
  /** Whether it runs, or was claimed ahead. */
  started: boolean;
  /** The word on its run, as far as this worker knows. */
  control: string | null;
}

/** How much a worker asks for. */
export interface Room {
  readonly freeSteps: number;
  readonly aheadSteps: number;
  readonly freeCalls: number;
  readonly lookForSteps: boolean;
  readonly lookForCalls: boolean;
}

/** What a worker tells in one exchange. */
export interface Report {
  readonly outcomes: readonly Outcome[];
  readonly released: readonly Held[];
  readonly begun: readonly Held[];
}

/** A worker and what it holds, which does with the answers what the scheduler does. */
export class Hand {
  readonly held = new Map<number, Held>();
  #round = 0;

  constructor(readonly worker: TestWorker) {}

  /** Tells it and answers what was claimed. What has been told of is no more held before the answer is there. */
  async exchange({ outcomes, released, begun }: Report, room: Room): Promise<readonly ClaimedTask[]> {
    for (const { key } of outcomes) this.held.delete(key);
    for (const { task } of released) this.held.delete(task.key);
    for (const held of begun) held.started = true;
    const { claimed, controls } = await this.worker.exchange({
      ...room,
      round: this.#round,
      outcomes,
      released: released.map(({ task }) => task),
      started: begun.map(({ task }) => task),
    });
    for (const task of claimed) this.held.set(task.key, { task, started: false, control: task.control });
    this.hear(controls);
    this.#begin(claimed, room.freeSteps);
    return claimed;
  }

  /** Steps beyond the free slots were claimed ahead; nothing of a run with a word on it is started. */
  #begin(claimed: readonly ClaimedTask[], freeSteps: number): void {
    let steps = 0;
    for (const { key, kind } of claimed) {
      const held = this.held.get(key)!;
      held.started = (kind === "flow" || ++steps <= freeSteps) && held.control === null;
    }
  }

  hear(controls: readonly { readonly runId: string; readonly word: string }[]): void {
    for (const { runId, word } of controls)
      for (const held of this.held.values()) if (held.task.runId === runId) held.control = word;
  }

  /** What the database says that it owns, which is what it holds. */
  async owned(): Promise<readonly ClaimedTask[]> {
    return this.worker.store.ownedTasks(this.worker.key, ++this.#round);
  }
}
