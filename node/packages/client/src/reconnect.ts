import type { Refused, Unreachable } from "./answer.js";

/** Whether asking again would get the same. */
export function isFinal(answer: Refused | Unreachable): boolean {
  return answer.reason === "refused" && answer.problem.code !== "UNAVAILABLE";
}

/** Whether nobody waits any longer. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** Waits a second, or until the signal aborts. */
export function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, 1_000);
    signal?.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
}
