import type { HttpInstruments } from "@maxq/http";
import type { Meters } from "./meters.js";

/** Measures what this process answers. */
export function httpInstruments({ counters, gauges, histograms }: Meters): HttpInstruments {
  for (const stream of ["events", "text"]) gauges.maxq_stream_readers.set({ stream }, 0);
  return {
    answered: ({ method, route, status, ms, prompt }) => {
      const state = `${Math.floor(status / 100)}xx`;
      counters.maxq_http_requests_total.inc({ method, route, status: state });
      if (prompt) histograms.maxq_http_request_duration_seconds.observe({ method }, ms / 1000);
    },
    reading: (stream) => {
      gauges.maxq_stream_readers.inc({ stream });
      return () => gauges.maxq_stream_readers.dec({ stream });
    },
  };
}
