import type { Store } from "@maxq/db";

/** Tells the flow of a run, null if there is no such run. */
export type FlowOfRun = (runId: string) => Promise<string | null>;

const mostRemembered = 10_000;

/** Flows of runs, remembered because they never change: a run that schedules by requests asks once. Of a run that was removed since, the store says so. */
export function flowsOfRuns(store: Pick<Store, "getRun">): FlowOfRun {
  const remembered = new Map<string, string>();
  return async (runId) => {
    const known = remembered.get(runId);
    if (known !== undefined) return known;
    const run = await store.getRun(runId);
    if (run === null) return null;
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(runId, run.flowName);
    return run.flowName;
  };
}
