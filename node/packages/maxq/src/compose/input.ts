import { setTimeout as delay } from "node:timers/promises";
import { DatabaseUnavailable, type Store } from "@maxq/db";

/** How long to wait before a database that is away is asked again, in ms. */
const PAUSE_MS = 100;

/**
 * How scripts get their run's input. A database that is away is no fault of theirs, so it is waited for: the worker ends those that wait when its lease lapses.
 * Rejects with `DatabaseUnavailable` once `closing` aborts, and with other faults at once.
 */
export function inputLoader(
  store: Pick<Store, "runInput">,
  closing: AbortSignal,
): (runId: string) => Promise<string> {
  return async (runId) => {
    for (;;) {
      try {
        return (await store.runInput(runId)) ?? "null";
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || closing.aborted) throw error;
      }
      await delay(PAUSE_MS, undefined, { signal: closing }).catch(() => undefined);
    }
  };
}
