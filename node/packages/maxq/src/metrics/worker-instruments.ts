import type { Outcome } from "@maxq/db";
import type { WorkerInstruments } from "@maxq/scheduler";
import type { Meters } from "./meters.js";

const kinds = ["step", "flow"] as const;
const results: readonly Outcome["result"][] = ["success", "failure", "aborted", "handed_back", "lost"];

/** Measures a worker. What is counted by outcome is added up once an exchange; all of it costs a step 0.8 µs where an exchange carries ten, 1.8 µs where it carries one. */
export function workerInstruments({ counters, histograms }: Meters): WorkerInstruments {
  const latency = byKind(histograms.maxq_start_latency_seconds);
  const duration = byKind(histograms.maxq_attempt_duration_seconds);
  for (const kind of kinds)
    for (const result of results) counters.maxq_attempts_ended_total.inc({ kind, result }, 0);
  for (const status of ["completed", "failed", "aborted"]) counters.maxq_runs_ended_total.inc({ status }, 0);
  return {
    started: (kind, waitedMs) => latency[kind].observe(Math.max(0, waitedMs) / 1000),
    exchanged: (outcomes, claimed, ended) => {
      histograms.maxq_exchange_outcomes.observe(outcomes.length);
      histograms.maxq_exchange_claims.observe(claimed);
      for (const { kind, durationMs } of outcomes) duration[kind].observe(durationMs / 1000);
      for (const [labels, count] of counted(outcomes)) counters.maxq_attempts_ended_total.inc(labels, count);
      for (const { status } of ended) counters.maxq_runs_ended_total.inc({ status });
    },
    hopped: (ms) => histograms.maxq_hop_latency_seconds.observe(ms / 1000),
    leaseRenewed: (leftMs, leaseMs) => histograms.maxq_lease_margin_ratio.observe(leftMs / leaseMs),
    fenced: () => counters.maxq_fences_total.inc(),
    rescued: (tasks) => counters.maxq_rescued_tasks_total.inc(tasks),
  };
}

function byKind(histogram: Meters["histograms"]["maxq_start_latency_seconds"]) {
  return { step: histogram.labels("step"), flow: histogram.labels("flow") };
}

type Labels = Pick<Outcome, "kind" | "result">;

function counted(outcomes: readonly Outcome[]): [Labels, number][] {
  const tally = new Map<string, [Labels, number]>();
  for (const { kind, result } of outcomes) {
    const found = tally.get(kind + result);
    if (found === undefined) tally.set(kind + result, [{ kind, result }, 1]);
    else found[1]++;
  }
  return [...tally.values()];
}
