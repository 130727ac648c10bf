/** How often a step may lose its worker and be started again; the next loss fails it. Losses do not use up `maxRetries`. */
export const maxLosses = 3;

/** No wait that backoff makes is longer: an hour, in ms. */
export const maxBackoffMs = 3_600_000;

/** What decides how long a retry waits. */
export interface RetryWait {
  readonly retryDelayMs: number;
  readonly retryBackoff: "fixed" | "exponential";
  /** Failed attempts so far, the one just ended included; 1 or more. */
  readonly failures: number;
}

/**
 * How many ms to wait before the next attempt. `fixed` is `retryDelayMs` exactly. `exponential` is anything from 0 up to `retryDelayMs` doubled
 * with each failure after the first ("full jitter", so that steps that failed together do not come back together), an hour at most
 * unless `retryDelayMs` itself is longer. `random` gives numbers from 0 up to but not 1.
 */
export function retryDelay(
  { retryDelayMs, retryBackoff, failures }: RetryWait,
  random: () => number,
): number {
  if (retryBackoff === "fixed") return retryDelayMs;
  const doubled = retryDelayMs * 2 ** Math.min(failures - 1, 32);
  const most = Math.min(doubled, Math.max(maxBackoffMs, retryDelayMs));
  return Math.floor(random() * (most + 1));
}
