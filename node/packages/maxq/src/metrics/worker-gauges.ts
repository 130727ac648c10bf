import type { Slots, WorkerStatus } from "@maxq/scheduler";
import type { Meters } from "./meters.js";

/** What a worker does now, read when a scrape asks for it. */
export function setWorkerGauges({ gauges }: Meters, status: WorkerStatus, slots: Slots): void {
  gauges.maxq_slots.set({ kind: "step" }, slots.steps);
  gauges.maxq_slots.set({ kind: "flow" }, slots.calls);
  gauges.maxq_slots_used.set({ kind: "step" }, status.runningSteps);
  gauges.maxq_slots_used.set({ kind: "flow" }, status.runningCalls);
  gauges.maxq_claimed_ahead.set(status.queued);
  gauges.maxq_outcomes_unrecorded.set(status.unrecorded);
  gauges.maxq_lease_remaining_seconds.set(status.leaseRemainingMs / 1000);
}
