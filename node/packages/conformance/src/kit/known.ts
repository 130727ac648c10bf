import type { Json } from "@maxq/core";
import type { World } from "./world.js";

export interface Known {
  readonly events: readonly (readonly [type: string, data: Json])[];
  readonly [what: string]: unknown;
}

/** What there is to know of a run, but times and keys. */
export async function known(world: World, runId: string): Promise<Known> {
  const events = await world.store.readEvents(runId, null, 1000);
  const steps = await world.store.listSteps(runId, {}, { limit: 100, offset: 0, cursor: null });
  const printedBy = steps.data.map(async ({ id }) => (await world.store.getStep(runId, id))!.output.stdout);
  const { status, output: result, completedAt } = await world.run(runId);
  return {
    ...{ events: events.map(({ type, data }): [string, Json] => [type, data]), status, result },
    ...{ over: completedAt !== null, steps: await world.steps(runId) },
    ...{ stages: await world.stages(runId), printed: await Promise.all(printedBy) },
    calls: (await world.store.listFlowCalls(runId)).map(({ id, status }) => [id, status]),
  };
}
