import { problem } from "@maxq/core";
import type { AttemptRef } from "@maxq/db";
import type { Random } from "@maxq/test-kit";
import { first } from "../kit/pages.js";
import { someExchange } from "./exchange.js";
import type { Hand, Held } from "./hand.js";
import type { History } from "./history.js";

/** What somebody does to the Store. A worker's own moves are given the worker; no other move has it meanwhile. */
interface Move {
  readonly weight: number;
  readonly ofWorker?: (history: History, hand: Hand, random: Random) => Promise<void>;
  readonly ofClient?: (history: History, random: Random) => Promise<void>;
}

/** All of them, with how often each is made. */
export const moves: readonly Move[] = [
  { weight: 53, ofWorker: someExchange },
  {
    weight: 12,
    async ofClient(history, random) {
      const by = random.chance(0.85) ? history.aHeld(random, random.chance(0.85) ? "flow" : "step") : null;
      const runId = by?.task.runId ?? random.pick(history.runs);
      const plan = random.pick(history.plans);
      if (by !== null) history.noteWord(by);
      const answer = await history.store(random).scheduleStage(runId, plan, callerOf(by));
      history.say(`${by?.task.id ?? "a client"} asks ${runId} for ${plan.stage}: ${answer.reason}`);
      if (answer.reason !== "refused") history.noteAsker(runId, plan.stage, by);
    },
  },
  {
    weight: 2,
    async ofClient(history, random) {
      const by = history.aHeld(random, "flow");
      if (by === null) return;
      history.noteWord(by);
      const output = random.pick([undefined, { by: by.task.id }]);
      const answer = await history.store(random).finishScheduling(by.task.runId, output, callerOf(by));
      history.say(`${by.task.id} of ${by.task.runId} asks for nothing: ${answer.reason}`);
    },
  },
  {
    weight: 1,
    async ofClient(history, random) {
      const by = history.aHeld(random, "flow");
      if (by === null) return;
      history.noteWord(by);
      await history.store(random).noteRefusal(callerOf(by)!, problem("STAGE_CONFLICT", "refused"));
      history.say(`${by.task.id} of ${by.task.runId} is refused what it asks for`);
    },
  },
  onRun(2, "pauseRun"),
  onRun(2, "resumeRun"),
  onRun(2, "abortRun"),
  {
    weight: 6,
    async ofClient(history, random) {
      const runId = random.pick(history.runs);
      const answer = await history.store(random).retryRun(runId);
      if (answer.reason === "retried") history.forgetWords(runId);
      history.say(`retryRun ${runId}: ${answer.reason}`);
    },
  },
  {
    weight: 6,
    async ofClient(history, random) {
      const runId = random.pick(history.runs);
      const { data } = await history.subject.store.listSteps(runId, {}, first(100));
      const over = data.filter(({ status }) => ["failed", "cancelled", "aborted"].includes(status));
      if (over.length === 0) return;
      const { id } = random.pick(over);
      const cascade = random.chance(0.5);
      const answer = await history.store(random).retryStep(runId, id, cascade);
      history.say(`retryStep ${id} of ${runId}${cascade ? " and what depends on it" : ""}: ${answer.reason}`);
    },
  },
  {
    weight: 2,
    async ofClient(history, random) {
      const by = random.chance(0.7) ? history.aHeld(random) : null;
      const runId = by?.task.runId ?? random.pick(history.runs);
      const answer = await history.store(random).patchRun(runId, { output: { p: 1 } }, callerOf(by));
      history.say(`${by?.task.id ?? "a client"} gives ${runId} an output: ${answer.reason}`);
    },
  },
  {
    weight: 2,
    async ofClient(history, random) {
      const by = history.aHeld(random, "step");
      if (by === null) return;
      await history.store(random).mergeFields(by.task.runId, by.task.id, { n: 1 }, callerOf(by));
    },
  },
  {
    weight: 2,
    async ofClient(history, random) {
      const runId = random.pick(history.runs);
      const { reason } = await history.store(random).deleteRun(runId);
      history.say(`deleteRun ${runId}: ${reason}`);
      if (reason === "deleted") await history.replaceRun(runId);
    },
  },
  {
    weight: 3,
    async ofClient(history, random) {
      if (history.runs.length < 2) await history.addRun(random.chance(0.15) ? 250_000 : null);
    },
  },
  {
    weight: 3,
    async ofClient(history, random) {
      await history.turnClock(100_000);
      await history.store(random).runTimers();
      history.say("100 s pass");
    },
  },
  {
    weight: 2,
    async ofWorker(history, hand, random) {
      const { key, id } = hand.worker;
      const isRescued = random.chance(0.6);
      hand.held.clear();
      if (isRescued) {
        const leases = await history.subject.store.listLeases(null);
        const { renewals } = leases.find(({ workerKey }) => workerKey === key)!;
        await history.store(random).rescueWorker(key, renewals);
      } else await history.store(random).retireWorker(key);
      history.say(`worker ${id} ${isRescued ? "is lost" : "retires"}`);
      await history.replace(hand);
    },
  },
];

function onRun(weight: number, verb: "pauseRun" | "resumeRun" | "abortRun"): Move {
  return {
    weight,
    async ofClient(history, random) {
      const runId = random.pick(history.runs);
      const { reason } = await history.store(random)[verb](runId);
      history.say(`${verb} ${runId}: ${reason}`);
    },
  };
}

function callerOf(held: Held | null): AttemptRef | null {
  return held === null ? null : held.task;
}
