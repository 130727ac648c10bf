import type { EndedRun, Outcome } from "@maxq/db";

/** Measures what a worker does. Called on the hot path: it adds numbers up, and does not throw. Times in ms. */
export interface WorkerInstruments {
  /** A script is handed to its launcher, or has waited there and begins, so long after it could have been claimed. */
  started(kind: "step" | "flow", waitedMs: number): void;
  /** An exchange was answered. `outcomes`: what it recorded. */
  exchanged(outcomes: readonly Outcome[], claimed: number, ended: readonly EndedRun[]): void;
  /** So long after the script whose outcome waited longest had ended, the first was started that was claimed in the exchange which recorded it. */
  hopped(ms: number): void;
  /** A renewal was answered when scripts might have run for so long without it; negative: too late. */
  leaseRenewed(leftMs: number, leaseMs: number): void;
  /** Scripts were killed because the lease could not be renewed in time, or because this worker was taken for dead. */
  fenced(): void;
  /** Tasks of a dead worker were given back. */
  rescued(tasks: number): void;
}

/** Measures nothing. */
export const noInstruments: WorkerInstruments = {
  started: () => undefined,
  exchanged: () => undefined,
  hopped: () => undefined,
  leaseRenewed: () => undefined,
  fenced: () => undefined,
  rescued: () => undefined,
};
