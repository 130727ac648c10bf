import type { Store } from "@maxq/db";

/** Ends and deletes all that a test left behind, by the Store's own verbs, because a new database for each test costs more. Rejects if something stays. */
export async function empty(store: Store): Promise<void> {
  for (const lease of await store.listLeases(null)) await store.retireWorker(lease.workerKey);
  for (;;) {
    const { data } = await store.listRuns({}, { limit: 100, offset: 0, cursor: null });
    if (data.length === 0) return;
    await Promise.all(data.map((run) => endAndDelete(store, run.id)));
  }
}

async function endAndDelete(store: Store, runId: string): Promise<void> {
  await store.abortRun(runId);
  const answer = await store.deleteRun(runId);
  if (answer.reason === "refused")
    throw new Error(`a test left a run that cannot be deleted: ${answer.problem.message}`);
}
