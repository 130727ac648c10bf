import { maxInt32 } from "@maxq/core";

/** Monotonic time, injected so that tests can turn it. It says nothing about the time of day: that is the database's. */
export interface Clock {
  /** Milliseconds since some fixed moment, with fractions; never goes back. */
  now(): number;
  /** Calls `call` once after `ms`; returns how to prevent it. Does not keep the process alive by itself for longer than the worker lives. */
  after(ms: number, call: () => void): () => void;
}

/** Node's timers take no more ms, 24.8 days: what is longer fires at once. */
const LONGEST_MS = maxInt32;

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer =
        left > LONGEST_MS ? setTimeout(() => wait(left - LONGEST_MS), LONGEST_MS) : setTimeout(call, left);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
