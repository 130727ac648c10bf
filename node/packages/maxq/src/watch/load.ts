import { valueOf, type Client } from "@maxq/client";
import type { Step } from "@maxq/core";
import { pages } from "../connect/pages.js";

const page = 1000;

/** All steps of a stage, or of the run if none is named, in schedule order. Throws `ApiError`. */
export async function stepsOf(client: Client, runId: string, stage?: string): Promise<Step[]> {
  const steps: Step[] = [];
  const where = stage === undefined ? {} : { stage };
  const ask = async (start: { cursor?: string }) =>
    valueOf(await client.steps.list(runId, { ...where, limit: page, ...start }));
  for await (const { data } of pages(ask)) steps.push(...data);
  return steps;
}

/** A step as it was before anything happened to it. */
export function asScheduled(step: Step): Step {
  return { ...step, status: "pending", attempt: 0, startedAt: null, completedAt: null };
}
