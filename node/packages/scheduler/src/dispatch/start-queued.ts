import type { HeldTask } from "../task/held-task.js";
import type { Slots } from "./capacity.js";
import type { Holdings } from "./holdings.js";

/** Starts what waits, in its order, as far as there are slots for its kind. */
export function startQueued(holdings: Holdings, slots: Slots, start: (held: HeldTask) => void): void {
  const { queue } = holdings;
  if (queue.length === 0) return;
  const waiting: HeldTask[] = [];
  for (const held of queue) {
    if (hasSlot(holdings, slots, held)) start(held);
    else waiting.push(held);
  }
  queue.length = 0;
  queue.push(...waiting);
}

function hasSlot(holdings: Holdings, slots: Slots, { task }: HeldTask): boolean {
  return task.kind === "flow" ? holdings.runningCalls < slots.calls : holdings.runningSteps < slots.steps;
}
