import type { ExchangeRequest, Params } from "@maxq/db";
import type { Floor } from "./answer.js";

/** The request that claims and tells of nothing, as its own function takes it. Null: it is another. */
export function claim(request: ExchangeRequest, floor: Floor | null): Params | null {
  const { outcomes, started, lookForSteps, lookForCalls } = request;
  if (outcomes.length + started.length > 0 || !(lookForSteps || lookForCalls)) return null;
  const { workerKey, round, freeSteps, aheadSteps, freeCalls } = request;
  return {
    ...{ workerKey, round, freeSteps, aheadSteps, freeCalls, lookForSteps, lookForCalls },
    ...{ floorPriority: floor?.priority ?? null, floor: floor?.no ?? null },
  };
}
