import type { HeldTask } from "../task/held-task.js";
import type { Slots } from "./capacity.js";
import type { Holdings } from "./holdings.js";

/** Starts what waits, in its order, as far as there are slots for its kind. */
export function startQueued(holdings: Holdings, slots: Slots, start: (held: HeldTask) => void): void {
  const { queue } = holdings;
  let waiting = 0;
  for (const held of queue) {
    if (hasSlot(holdings, slots, held)) start(held);
    else queue[waiting++] = held;
  }
  queue.length = waiting;
}

function hasSlot(holdings: Holdings, slots: Slots, { task }: HeldTask): boolean {
  return task.kind === "flow" ? holdings.runningCalls < slots.calls : holdings.runningSteps < slots.steps;
}
