import { valueOf, type Client } from "@maxq/client";
import type { Step } from "@maxq/core";

const page = 1000;

/** All steps of a stage, or of the run if none is named, in schedule order. Throws `ApiError`. */
export async function stepsOf(client: Client, runId: string, stage?: string): Promise<Step[]> {
  const steps: Step[] = [];
  const where = stage === undefined ? {} : { stage };
  for (let cursor: string | null = null; ;) {
    const start: { cursor?: string } = cursor === null ? {} : { cursor };
    const { data, pagination } = valueOf(await client.steps.list(runId, { ...where, limit: page, ...start }));
    steps.push(...data);
    cursor = pagination.nextCursor;
    if (cursor === null) return steps;
  }
}

/** A step as it was before anything happened to it. */
export function asScheduled(step: Step): Step {
  return { ...step, status: "pending", attempt: 0, startedAt: null, completedAt: null };
}
