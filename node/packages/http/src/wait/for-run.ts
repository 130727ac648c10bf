import type { Run } from "@maxq/core";
import type { Store } from "@maxq/db";
import type { RunChanges } from "./run-changes.js";

/** Waits until the run is as wanted, or the signal aborts; answers the run as it was read last, null if there is none. */
export async function waitForRun(
  { store, changes }: { readonly store: Store; readonly changes: RunChanges },
  runId: string,
  isWanted: (run: Run) => boolean,
  signal: AbortSignal,
): Promise<Run | null> {
  const watch = changes.watch(runId);
  try {
    for (;;) {
      const run = await store.getRun(runId);
      if (run === null || isWanted(run) || signal.aborted) return run;
      await watch.next(signal);
    }
  } finally {
    watch.close();
  }
}
