import type { HeldTask } from "../task/held-task.js";
import type { Slots } from "./capacity.js";
import type { Holdings } from "./holdings.js";

/** Starts what waits and `may` start, in its order, as far as there are slots for its kind; `handOver`: so many steps more, which wait at the launcher. */
export function startQueued(
  holdings: Holdings,
  slots: Slots,
  handOver: number,
  may: (held: HeldTask) => boolean,
  start: (held: HeldTask) => void,
): void {
  const { queue } = holdings;
  const steps = slots.steps + handOver;
  let waiting = 0;
  for (const held of queue) {
    const hasSlot =
      held.task.kind === "flow" ? holdings.runningCalls < slots.calls : holdings.runningSteps < steps;
    if (hasSlot && may(held)) start(held);
    else queue[waiting++] = held;
  }
  queue.length = waiting;
}
