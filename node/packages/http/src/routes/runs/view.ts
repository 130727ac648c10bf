import type { Run, Stage } from "@maxq/core";
import type { Store } from "@maxq/db";

/** A run as it is answered alone: with its stages and how many steps of each are in which state. */
export async function viewRun(run: Run, store: Store): Promise<Run & { readonly stages: readonly Stage[] }> {
  return { ...run, stages: await store.listStages(run.id) };
}
