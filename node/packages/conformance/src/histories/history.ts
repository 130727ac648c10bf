import type { StagePlan } from "@maxq/core";
import type { ClaimedTask, Store } from "@maxq/db";
import type { Random } from "@maxq/test-kit";
import { aRun } from "../kit/a-run.js";
import type { Subject } from "../kit/subject.js";
import { TestWorker } from "../kit/test-worker.js";
import { accepted } from "../kit/world.js";
import { Hand, type Held } from "./hand.js";
import { somePlans } from "./plans.js";

/** Who asked for a stage: a call that was told of a failure, or another, is the difference that a retry makes. */
export type Asker = "call" | "callback" | "step" | "client";

/** Two runs at most, the two workers at them, and what is remembered to judge the end by. */
export class History {
  readonly runs: string[] = [];
  readonly hands: Hand[] = [];
  readonly plans: readonly StagePlan[];
  /** What was done, for who has to find out why. */
  readonly log: string[] = [];
  /** Of each flow call that was claimed. */
  readonly calls: ClaimedTask[] = [];
  /** By run and stage. */
  readonly askers = new Map<string, Set<Asker>>();
  /** Runs of calls that spoke by a request, by the call's key. */
  readonly #spoke = new Map<number, string>();
  #clock = Promise.resolve();

  private constructor(
    readonly subject: Subject,
    random: Random,
  ) {
    this.plans = somePlans(random);
  }

  static async begin(subject: Subject, random: Random): Promise<History> {
    const history = new History(subject, random);
    history.hands.push(await history.#newHand(0), await history.#newHand(1));
    await history.addRun(null);
    return history;
  }

  /** One of two, which have connections of their own where the database allows it. */
  store(random: Random): Store {
    return random.chance(0.5) ? this.subject.store : this.subject.other;
  }

  async addRun(timeoutMs: number | null): Promise<void> {
    this.runs.push(await this.#newRun(timeoutMs));
  }

  /** After it was deleted. */
  async replaceRun(runId: string): Promise<void> {
    this.runs[this.runs.indexOf(runId)] = await this.#newRun(null);
  }

  async #newRun(timeoutMs: number | null): Promise<string> {
    return accepted(await this.subject.store.createRun(aRun({ timeoutMs }))).run.id;
  }

  /** In the place of one whose worker is gone. */
  async replace(hand: Hand): Promise<void> {
    const place = this.hands.indexOf(hand);
    this.hands[place] = await this.#newHand(place);
  }

  async #newHand(place: number): Promise<Hand> {
    const store = place === 0 ? this.subject.store : this.subject.other;
    return new Hand(await TestWorker.register(store));
  }

  /** One of those that run now, null if there is none. */
  aHeld(random: Random, kind?: ClaimedTask["kind"]): Held | null {
    const running = this.hands
      .flatMap(({ held }) => [...held.values()])
      .filter(({ started, task }) => started && (kind === undefined || task.kind === kind));
    return running.length === 0 ? null : random.pick(running);
  }

  /** One at a time: nobody but a test turns a clock. */
  turnClock(ms: number): Promise<void> {
    this.#clock = this.#clock.then(() => this.subject.turnClock(ms));
    return this.#clock;
  }

  noteAsker(runId: string, stage: string, by: Held | null): void {
    const key = `${runId}/${stage}`;
    const askers = this.askers.get(key) ?? new Set();
    this.askers.set(key, askers.add(askerOf(by)));
  }

  noteWord({ task }: Held): void {
    this.#spoke.set(task.key, task.runId);
  }

  /** A retry has calls speak anew. */
  forgetWords(runId: string): void {
    for (const [key, of] of this.#spoke) if (of === runId) this.#spoke.delete(key);
  }

  /** Whether a call spoke by a request: what it prints does not count then. */
  hasSpoken({ task }: Held): boolean {
    return this.#spoke.has(task.key);
  }

  say(text: string): void {
    this.log.push(this.runs.reduce((said, id, n) => said.replaceAll(id, `run ${n}`), text));
  }
}

function askerOf(by: Held | null): Asker {
  if (by === null) return "client";
  if (by.task.kind === "step") return "step";
  return by.task.failedStage === "" ? "call" : "callback";
}
