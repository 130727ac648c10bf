import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { definitions, type Definition, type MetricName } from "./definitions.js";

type NamesOf<T extends Definition["type"]> = {
  [N in MetricName]: (typeof definitions)[N]["type"] extends T ? N : never;
}[MetricName];

/** All metrics of a process by their names, on one registry. */
export interface Meters {
  readonly registry: Registry;
  readonly counters: Readonly<Record<NamesOf<"counter">, Counter>>;
  readonly gauges: Readonly<Record<NamesOf<"gauge">, Gauge>>;
  readonly histograms: Readonly<Record<NamesOf<"histogram">, Histogram>>;
}

/**
 * prom-client's histogram of the event loop's delay wakes an idle process a hundred times a second: it is given a day between two looks, and left out.
 * How busy the loop is costs nothing to know: `maxq_event_loop_active_seconds_total`.
 */
const loopPrecisionMs = 86_400_000;
const loopDelays = ["min", "max", "mean", "stddev", "p50", "p90", "p99"].map(
  (what) => `nodejs_eventloop_lag_${what}_seconds`,
);

/** Gauges of prom-client that are named like counters; the same numbers stand in those without `_total`. */
const misnamed = ["handles", "requests", "resources"].map((what) => `nodejs_active_${what}_total`);

/** Makes every metric of `definitions`, and those of the process. */
export function createMeters(): Meters {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopPrecisionMs });
  for (const name of [...loopDelays, ...misnamed]) registry.removeSingleMetric(name);
  const counters: Record<string, Counter> = {};
  const gauges: Record<string, Gauge> = {};
  const histograms: Record<string, Histogram> = {};
  for (const [name, { type, help, labels = {}, buckets = [] }] of Object.entries<Definition>(definitions)) {
    const common = { name, help, labelNames: Object.keys(labels), registers: [registry] };
    if (type === "counter") counters[name] = new Counter(common);
    else if (type === "gauge") gauges[name] = new Gauge(common);
    else histograms[name] = new Histogram({ ...common, buckets: [...buckets] });
  }
  return { registry, counters, gauges, histograms } as Meters;
}
