import { setTimeout as delay } from "node:timers/promises";
import { isUnavailable } from "../answer/failure.js";

const firstPauseMs = 100;
const longestPauseMs = 1_000;

/**
 * Does something again while the database is away, for at most `patienceMs` and until the signal aborts; then rejects with the last `DatabaseUnavailable`.
 * What it does may have been committed although it was reported away, so it must be harmless to do twice.
 */
export async function untilAvailable<T>(
  work: () => Promise<T>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (thrown) {
      if (!isUnavailable(thrown) || signal.aborted || performance.now() + pauseMs > deadline) throw thrown;
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
