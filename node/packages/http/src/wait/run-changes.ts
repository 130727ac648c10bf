import { setTimeout as delay } from "node:timers/promises";
import type { Store } from "@maxq/db";

/** Tells when a run may have changed. Begin to watch before reading what is waited for, so that no change falls between. */
export interface RunWatch {
  /** Resolves when the run may have changed since the last call, after the poll interval (changes of other processes may not be told), or when the signal aborts. */
  next(signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Deals the store's wake-ups out to whoever waits for a run. */
export interface RunChanges {
  watch(runId: string): RunWatch;
}

interface Waiter {
  changed: boolean;
  wake: (() => void) | null;
}

/** A run of many steps changes a hundred times a second, and each look at it costs a statement or two. */
const betweenLooksMs = 20;
const pollMs = 500;
const healthyPollMs = 2_000;

/** One listener on the store for all watches; it is there only while somebody watches. */
export function createRunChanges(store: Store): RunChanges {
  const watched = new Map<string, Set<Waiter>>();
  let stopListening: (() => void) | null = null;

  const watch = (runId: string): RunWatch => {
    const waiter: Waiter = { changed: false, wake: null };
    let lookedAt = Number.NEGATIVE_INFINITY;
    const waiters = watched.get(runId) ?? new Set();
    watched.set(runId, waiters.add(waiter));
    stopListening ??= store.onWakeUp((wakeUp) => {
      if (wakeUp.reason !== "work") for (const each of watched.get(wakeUp.runId) ?? []) notify(each);
    });
    return {
      next: async (signal) => {
        const restMs = lookedAt + betweenLooksMs - performance.now();
        if (restMs > 0) await delay(restMs, undefined, { signal }).catch(() => undefined);
        await nextChange(waiter, store.wakeUpsHealthy() ? healthyPollMs : pollMs, signal);
        lookedAt = performance.now();
      },
      close: () => {
        waiters.delete(waiter);
        if (waiters.size === 0 && watched.get(runId) === waiters) watched.delete(runId);
        if (watched.size > 0) return;
        stopListening?.();
        stopListening = null;
      },
    };
  };
  return { watch };
}

function notify(waiter: Waiter): void {
  waiter.changed = true;
  waiter.wake?.();
}

async function nextChange(waiter: Waiter, waitMs: number, signal: AbortSignal): Promise<void> {
  if (!waiter.changed && !signal.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => wake(), waitMs);
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiter.wake = wake;
      signal.addEventListener("abort", wake);
    });
  }
  waiter.wake = null;
  waiter.changed = false;
}
