/** One metric: what docs/metrics.md says of it and what a scrape calls it are made of this. */
export interface Definition {
  readonly type: "counter" | "gauge" | "histogram";
  /** Its HELP line, one sentence. */
  readonly help: string;
  /** Each with all its values, or what bounds them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Upper bounds, ascending; of a histogram. */
  readonly buckets?: readonly number[];
  /** `process`: each process gives its own, so they are added up; `database`: all give the same, so one is taken. */
  readonly of: "process" | "database";
}

/** From a tenth of a ms to ten seconds. */
const fast = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** From a ms to an hour. */
const slow = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
const few = [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 1000];

const kind = "`step`, `flow` (a call of flow.sh)";
const method = "`GET`, `HEAD`, `POST`, `PATCH`, `DELETE`, `other`";
const route = "a pattern such as `/runs/{runId}`, or `none`: some 35";
const databaseKind =
  "`exchange`, `renew`, `timers`, `worker`, `create_run`, `schedule`, `control`, `data`, `read`, `census`, `other`";

/** Every metric of MaxQ's own; those of Node.js and the process come from prom-client. */
export const definitions = {
  maxq_info: {
    type: "gauge",
    help: "Always 1; the labels say what this process is.",
    labels: { version: "MaxQ's version", role: "`server`, `worker`", database: "`postgres`, `sqlite`" },
    of: "process",
  },
  maxq_database_up: {
    type: "gauge",
    help: "Whether the database answered this scrape within two seconds (1), or a scrape in the last five seconds did; else 0, and what comes from the database is missing.",
    of: "process",
  },
  maxq_runs: {
    type: "gauge",
    help: "Runs in the database by status.",
    labels: { status: "`pending`, `running`, `paused`, `completed`, `failed`, `aborted`" },
    of: "database",
  },
  maxq_steps: {
    type: "gauge",
    help: "Steps and flow calls in the database that are on their way, by how far they are; those that wait for other steps are not counted.",
    labels: {
      kind,
      state:
        "`waiting` (for a slot), `delayed` (until its retry), `claimed` (by a worker that has not started it), `running`",
    },
    of: "database",
  },
  maxq_queue_oldest_seconds: {
    type: "gauge",
    help: "For how long what is first in the queue has been waiting for a slot; 0 if nothing waits.",
    labels: { kind },
    of: "database",
  },
  maxq_workers: {
    type: "gauge",
    help: "Registered workers by state.",
    labels: { state: "`live`, `draining`, `lost` (and not back)" },
    of: "database",
  },
  maxq_slots: {
    type: "gauge",
    help: "Scripts that this process may run at a time.",
    labels: { kind },
    of: "process",
  },
  maxq_slots_used: {
    type: "gauge",
    help: "Scripts that this process runs.",
    labels: { kind },
    of: "process",
  },
  maxq_claimed_ahead: {
    type: "gauge",
    help: "Steps that this process has claimed and not started.",
    of: "process",
  },
  maxq_outcomes_unrecorded: {
    type: "gauge",
    help: "Outcomes of scripts that this process holds and has not recorded, as while the database is away.",
    of: "process",
  },
  maxq_runs_ended_total: {
    type: "counter",
    help: "Runs that ended with an outcome recorded by this process; not those that end without one, such as an abort that found nothing to kill.",
    labels: { status: "`completed`, `failed`, `aborted`" },
    of: "process",
  },
  maxq_attempts_ended_total: {
    type: "counter",
    help: "Attempts of steps and flow calls whose end this process recorded, by how they ended.",
    labels: {
      kind,
      result:
        "`success`, `failure`, `aborted`, `handed_back` (by a drain or a fence), `lost` (with the launcher)",
    },
    of: "process",
  },
  maxq_attempt_duration_seconds: {
    type: "histogram",
    help: "How long scripts ran, from their start to their exit.",
    labels: { kind },
    buckets: slow,
    of: "process",
  },
  maxq_start_latency_seconds: {
    type: "histogram",
    help: "From when a step or flow call could have been claimed (what it depends on had completed) to when its script was handed to the launcher; where it had to wait there for another, to when the end of that was heard of.",
    labels: { kind },
    buckets: slow,
    of: "process",
  },
  maxq_hop_latency_seconds: {
    type: "histogram",
    help: "From the end of a script to the start of the next that was claimed with its outcome: what MaxQ puts between two steps; once an exchange, of the outcome that waited longest.",
    buckets: fast,
    of: "process",
  },
  maxq_exchange_outcomes: {
    type: "histogram",
    help: "Outcomes recorded by one exchange with the database.",
    buckets: few,
    of: "process",
  },
  maxq_exchange_claims: {
    type: "histogram",
    help: "Steps and flow calls claimed by one exchange with the database.",
    buckets: few,
    of: "process",
  },
  maxq_database_duration_seconds: {
    type: "histogram",
    help: "How long the database took for one request of this process, waiting for a connection included.",
    labels: { kind: databaseKind },
    buckets: fast,
    of: "process",
  },
  maxq_database_errors_total: {
    type: "counter",
    help: "Requests of this process that the database did not fulfil.",
    labels: { kind: databaseKind, reason: "`unavailable` (it could not be asked), `fault` (anything else)" },
    of: "process",
  },
  maxq_lease_margin_ratio: {
    type: "histogram",
    help: "What was left of the lease when a renewal was answered, as a part of it: 0.75 when all is well, below 0 when scripts had to be killed.",
    buckets: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.72, 0.74, 0.76],
    of: "process",
  },
  maxq_lease_remaining_seconds: {
    type: "gauge",
    help: "For how long scripts of this process may run on if the lease is not renewed; 0 or below: nothing runs.",
    of: "process",
  },
  maxq_fences_total: {
    type: "counter",
    help: "Times that this process killed its scripts because its lease was lost, or could not be renewed in time.",
    of: "process",
  },
  maxq_rescued_tasks_total: {
    type: "counter",
    help: "Steps and flow calls of dead workers that this process gave back to the queue.",
    of: "process",
  },
  maxq_launcher_restarts_total: {
    type: "counter",
    help: "Launchers that this process started in the place of one that had died.",
    of: "process",
  },
  maxq_http_requests_total: {
    type: "counter",
    help: "Requests answered, those of scripts included.",
    labels: { method, route, status: "`1xx` … `5xx`" },
    of: "process",
  },
  maxq_http_request_duration_seconds: {
    type: "histogram",
    help: "How long requests took from their head to the end of the answer; streams and requests with ?wait= are left out.",
    labels: { method },
    buckets: fast,
    of: "process",
  },
  maxq_event_loop_active_seconds_total: {
    type: "counter",
    help: "For how long the event loop of this process was busy: near one second a second, it has no time left.",
    of: "process",
  },
  maxq_stream_readers: {
    type: "gauge",
    help: "Clients that read a stream now.",
    labels: { stream: "`events` (Server-Sent Events), `text` (a script's output)" },
    of: "process",
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type MetricName = keyof typeof definitions;
