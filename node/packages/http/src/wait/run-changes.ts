import { setTimeout as delay } from "node:timers/promises";
import type { Store } from "@maxq/db";

/** Tells when a run may have changed. Begin to watch before reading what is waited for, so that no change falls between. */
export interface RunWatch {
  /** Resolves when the run may have changed since the last call, after the poll interval (changes of other processes may not be told), or when the signal aborts. */
  next(signal: AbortSignal): Promise<void>;
  /**
   * What `read` answers: one's own, or that of another who watches the run and began the same since the last change. So a hundred who follow a run ask the
   * database as often as one. `what` names what is read, and from where on.
   */
  share<T>(what: string, read: () => Promise<T>): Promise<T>;
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

interface Watched {
  readonly waiters: Set<Waiter>;
  /** Under way, and begun since the last change that was told. */
  readonly reads: Map<string, Promise<unknown>>;
}

/** A run of many steps changes a hundred times a second, and each look at it costs a statement or two. */
const betweenLooksMs = 20;
const pollMs = 500;
const healthyPollMs = 2_000;

/** One listener on the store for all watches; it is there only while somebody watches. */
export function createRunChanges(store: Store): RunChanges {
  const watched = new Map<string, Watched>();
  let stopListening: (() => void) | null = null;

  const watch = (runId: string): RunWatch => {
    const waiter: Waiter = { changed: false, wake: null };
    let lookedAt = Number.NEGATIVE_INFINITY;
    const run = watched.get(runId) ?? { waiters: new Set(), reads: new Map() };
    watched.set(runId, run);
    run.waiters.add(waiter);
    stopListening ??= store.onWakeUp((wakeUp) => {
      if (wakeUp.reason !== "work") changed(watched.get(wakeUp.runId));
    });
    return {
      next: async (signal) => {
        const restMs = lookedAt + betweenLooksMs - performance.now();
        if (restMs > 0) await delay(restMs, undefined, { signal }).catch(() => undefined);
        await nextChange(waiter, store.wakeUpsHealthy() ? healthyPollMs : pollMs, signal);
        lookedAt = performance.now();
      },
      share: (what, read) => share(run.reads, what, read),
      close: () => {
        run.waiters.delete(waiter);
        if (run.waiters.size === 0 && watched.get(runId) === run) watched.delete(runId);
        if (watched.size > 0) return;
        stopListening?.();
        stopListening = null;
      },
    };
  };
  return { watch };
}

function changed(run: Watched | undefined): void {
  if (run === undefined) return;
  // What was begun before may not see it.
  run.reads.clear();
  for (const waiter of run.waiters) {
    waiter.changed = true;
    waiter.wake?.();
  }
}

function share<T>(reads: Watched["reads"], what: string, read: () => Promise<T>): Promise<T> {
  const begun = reads.get(what);
  if (begun !== undefined) return begun as Promise<T>;
  const own = read().finally(() => {
    if (reads.get(what) === own) reads.delete(what);
  });
  reads.set(what, own);
  return own;
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
