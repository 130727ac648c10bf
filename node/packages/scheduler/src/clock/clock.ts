/** Monotonic time, injected so that tests can turn it. It says nothing about the time of day: that is the database's. */
export interface Clock {
  /** Milliseconds since some fixed moment, with fractions; never goes back. */
  now(): number;
  /** Calls `call` once after `ms`; returns how to prevent it. Does not keep the process alive by itself for longer than the worker lives. */
  after(ms: number, call: () => void): () => void;
}

/** The clock of this process. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
