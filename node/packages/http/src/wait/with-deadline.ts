/**
 * Does something under a signal that aborts with the given one, or after so many ms.
 * Not by `AbortSignal.any` and `AbortSignal.timeout`: nothing holds the timeout but the signal made of it, and that only weakly (Node 20), so a collection of garbage
 * takes the deadline with it.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const abort = (): void => deadline.abort();
  const timer = setTimeout(abort, ms);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  try {
    return await work(deadline.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
