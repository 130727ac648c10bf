import type { Random } from "@maxq/test-kit";
import { calmEnd, someEnd } from "./ends.js";
import type { Hand, Held, Room } from "./hand.js";
import type { History } from "./history.js";

/** An exchange in which some of what a worker runs ends, in any way, and it asks for more, or not. */
export async function someExchange(history: History, hand: Hand, random: Random): Promise<void> {
  const { running, released, begun } = sorted(hand, (held) => held.control !== null || random.chance(0.2));
  const ended = running.filter(() => random.chance(0.65));
  const ends = ended.map((held) => ({ held, ...someEnd(random, held, history.plans) }));
  const waiting = begun.filter(() => random.chance(0.5));
  const room: Room = {
    freeSteps: random.int(0, 4),
    aheadSteps: random.chance(0.3) ? random.int(0, 3) : 0,
    freeCalls: random.int(0, 2),
    lookForSteps: random.chance(0.7),
    lookForCalls: random.chance(0.7),
  };
  const told = ends.map(({ outcome, asks, held: { task } }) =>
    [`${task.id}/${task.attempt} of ${task.runId}:`, outcome.result, asks?.stage].join(" "),
  );
  const asking = ends.filter(({ held, asks }) => asks !== null && !history.hasSpoken(held));
  const report = { outcomes: ends.map(({ outcome }) => outcome), released, begun: waiting };
  const claimed = await hand.exchange(report, room);
  const names = claimed.map(({ id, attempt, runId }) => `${id}/${attempt} of ${runId}`);
  history.say(`worker ${hand.worker.id} tells ${told.join(", ")}; claims ${names.join(", ")}`);
  history.calls.push(...claimed.filter(({ kind }) => kind === "flow"));
  for (const { held, asks } of asking)
    if (await isStored(history, held, asks!.stage)) history.noteAsker(held.task.runId, asks!.stage, held);
}

/** What it printed may have been refused, or its run over. */
async function isStored(history: History, { task }: Held, stage: string): Promise<boolean> {
  const { store } = history.subject;
  const [calls, stages] = await Promise.all([store.listFlowCalls(task.runId), store.listStages(task.runId)]);
  return (
    calls.some(({ id, status }) => id === task.id && status === "completed") &&
    stages.some(({ name, superseded }) => name === stage && !superseded)
  );
}

/** Everything ends well, and everything that can be claimed is. */
export async function calmExchange(history: History, hand: Hand): Promise<void> {
  const { running, released, begun } = sorted(hand, (held) => held.control !== null);
  const room = { freeSteps: 20, aheadSteps: 0, freeCalls: 20, lookForSteps: true, lookForCalls: true };
  const claimed = await hand.exchange({ outcomes: running.map(calmEnd), released, begun }, room);
  history.calls.push(...claimed.filter(({ kind }) => kind === "flow"));
}

/** What was claimed ahead is handed back, or begins. */
function sorted(
  hand: Hand,
  isReleased: (held: Held) => boolean,
): { readonly running: Held[]; readonly released: Held[]; readonly begun: Held[] } {
  const held = [...hand.held.values()];
  const ahead = held.filter(({ started }) => !started);
  const released = ahead.filter(isReleased);
  return {
    running: held.filter(({ started }) => started),
    released,
    begun: ahead.filter((one) => !released.includes(one)),
  };
}
