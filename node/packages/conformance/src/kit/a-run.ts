import type { NewRun } from "@maxq/db";

/** A run of the flow `demo`, with nothing that it need not have. */
export function aRun(change: Partial<NewRun> = {}): NewRun {
  return {
    flowName: "demo",
    flowTitle: null,
    input: null,
    metadata: null,
    priority: 0,
    timeoutMs: null,
    name: null,
    description: null,
    parentRunId: null,
    idempotency: null,
    ...change,
  };
}
