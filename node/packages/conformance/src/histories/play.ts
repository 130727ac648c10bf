import { Random } from "@maxq/test-kit";
import { expect } from "chai";
import { inspect } from "node:util";
import type { Subject } from "../kit/subject.js";
import { calmExchange } from "./exchange.js";
import { History } from "./history.js";
import { expectNothingForgotten } from "./judge.js";
import { moves } from "./moves.js";

/** Exchanges until everything has ended: retries with their delays, and each stage with the call that follows, take a few. */
const mostRounds = 60;

export interface Course {
  readonly seed: number;
  /** Moves, before all ends well. */
  readonly length: number;
  /** Most moves that are made together. */
  readonly together: number;
}

/**
 * A history: moves that a seed chooses, after each of which the invariants hold, until everything that runs ends well and is judged. Moves made together
 * meet in the database as they may: there the seed says what is done, not in which order.
 */
export async function play(subject: Subject, { seed, length, together }: Course): Promise<void> {
  const random = new Random(seed);
  const history = await History.begin(subject, random);
  try {
    for (let made = 0; made < length;) {
      const count = random.int(1, together);
      await make(history, random, count);
      await expectSound(history);
      made += count;
    }
    await comeToRest(history);
    await expectNothingForgotten(history);
  } catch (error) {
    const last = history.log.slice(-40).join("\n");
    throw new Error(`history ${seed}: ${(error as Error).stack}\nThe moves before:\n${last}`, {
      cause: error,
    });
  }
}

async function make(history: History, random: Random, count: number): Promise<void> {
  const hands = random.shuffled(history.hands);
  const made: Promise<void>[] = [];
  for (let n = 0; n < count; n++) {
    const { ofWorker, ofClient } = aMove(random);
    const own = new Random(random.int(0, 2 ** 31));
    if (ofClient) made.push(ofClient(history, own));
    else if (hands.length > 0) made.push(ofWorker!(history, hands.pop()!, own));
  }
  await Promise.all(made);
}

const weights = moves.reduce((sum, { weight }) => sum + weight, 0);

function aMove(random: Random): (typeof moves)[number] {
  let left = random.next() * weights;
  return moves.find(({ weight }) => (left -= weight) < 0)!;
}

async function expectSound(history: History): Promise<void> {
  const broken = await history.subject.store.verify();
  expect(broken, inspect(broken)).to.deep.equal([]);
  const held = history.hands.flatMap((hand) => [...hand.held.keys()]);
  expect(new Set(held).size, `held: ${inspect(held)}`).to.equal(held.length);
}

async function comeToRest(history: History): Promise<void> {
  history.say("from here all ends well");
  const { store } = history.subject;
  for (const runId of history.runs) await store.resumeRun(runId);
  for (let round = 0; !(await isOver(history)); round++) {
    if (round > mostRounds) throw new Error("it does not come to an end");
    for (const hand of history.hands) {
      const renewed = await store.renewLease(hand.worker.key);
      if (renewed.reason === "lost") throw new Error(`worker ${hand.worker.id} has lost its lease`);
      hand.hear(renewed.controls);
      await calmExchange(history, hand);
      await expectSound(history);
    }
    await history.subject.turnClock(100_000);
    await store.runTimers();
  }
  expect(await store.runTimers(), "the time until something is due").to.equal(null);
}

async function isOver(history: History): Promise<boolean> {
  const { store } = history.subject;
  const runs = await Promise.all(history.runs.map((id) => store.getRun(id)));
  const isRunOver = runs.every((run) => ["completed", "failed", "aborted"].includes(run!.status));
  return isRunOver && history.hands.every(({ held }) => held.size === 0);
}
