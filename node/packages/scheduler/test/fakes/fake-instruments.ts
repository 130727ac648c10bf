import type { WorkerInstruments } from "@maxq/scheduler";

/** Writes down what is measured. */
export class FakeInstruments implements WorkerInstruments {
  readonly starts: (readonly [kind: "step" | "flow", waitedMs: number])[] = [];
  readonly exchanges: { readonly outcomes: number; readonly claimed: number; readonly ended: number }[] = [];
  readonly hops: number[] = [];

  started(kind: "step" | "flow", waitedMs: number): void {
    this.starts.push([kind, waitedMs]);
  }

  exchanged(...[outcomes, claimed, ended]: Parameters<WorkerInstruments["exchanged"]>): void {
    this.exchanges.push({ outcomes: outcomes.length, claimed, ended: ended.length });
  }

  hopped(ms: number): void {
    this.hops.push(ms);
  }

  leaseRenewed(): void {}

  fenced(): void {}

  rescued(): void {}
}
