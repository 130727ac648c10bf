/** A rule for Prometheus: docs/examples/prometheus-alerts.yaml and docs/metrics.md are made of these. */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long it must hold, e.g. `5m`; null: at once. */
  readonly for: string | null;
  readonly severity: "critical" | "warning" | "info";
  /** What is the case. One sentence; may hold Prometheus' templates. */
  readonly summary: string;
  /** What to do. */
  readonly cure: string;
}

export const alerts: readonly Alert[] = [
  {
    name: "MaxQDown",
    expr: 'up{job="maxq"} == 0',
    for: "2m",
    severity: "critical",
    summary: "{{ $labels.instance }} cannot be scraped.",
    cure: "Look whether the process runs, and at the end of its log. A 401 is a key that Prometheus lacks.",
  },
  {
    name: "MaxQDatabaseDown",
    expr: "maxq_database_up == 0",
    for: "1m",
    severity: "critical",
    summary: "The database does not answer {{ $labels.instance }}.",
    cure: "Scripts run on for 11/12 of the lease. Bring the database back before that; see /readyz and maxq doctor.",
  },
  {
    name: "MaxQNoWorkers",
    expr: 'max(maxq_workers{state="live"}) == 0',
    for: "2m",
    severity: "critical",
    summary: "No worker is alive: nothing is started.",
    cure: "Start one, and look at the log of those that ended.",
  },
  {
    name: "MaxQFenced",
    expr: "increase(maxq_fences_total[10m]) > 0",
    for: null,
    severity: "critical",
    summary: "{{ $labels.instance }} lost its lease and killed its scripts.",
    cure: "The database was away for longer than the lease allows, or the process hung. Raise MAXQ_LEASE_MS if outages of that length are usual.",
  },
  {
    name: "MaxQLeaseAtRisk",
    expr: 'increase(maxq_lease_margin_ratio_bucket{le="0.5"}[10m]) > 0',
    for: null,
    severity: "warning",
    summary: "{{ $labels.instance }} renewed its lease when less than half of it was left.",
    cure: "Renewals are late: look at the database's time, and at how busy the event loop is.",
  },
  {
    name: "MaxQQueueStuck",
    expr: "max by (kind) (maxq_queue_oldest_seconds) > 900",
    for: "5m",
    severity: "warning",
    summary: "Something of kind {{ $labels.kind }} has been waiting for a slot for over 15 minutes.",
    cure: "More slots, more workers, or shorter steps; a higher priority that never runs dry starves lower ones.",
  },
  {
    name: "MaxQSlotsFull",
    expr: 'sum(maxq_slots_used{kind="step"}) / sum(maxq_slots{kind="step"}) > 0.95 and max(maxq_steps{kind="step",state="waiting"}) > 0',
    for: "30m",
    severity: "info",
    summary: "All slots have been in use for half an hour, and steps wait.",
    cure: "If that is not meant: more slots where the machine has room, or more workers.",
  },
  {
    name: "MaxQRunsFail",
    expr: 'sum(increase(maxq_runs_ended_total{status="failed"}[15m])) > 0',
    for: null,
    severity: "warning",
    summary: "Runs have failed in the last 15 minutes.",
    cure: "maxq runs --status failed lists them, maxq show says why.",
  },
  {
    name: "MaxQWorkRescued",
    expr: "sum(increase(maxq_rescued_tasks_total[15m])) > 0",
    for: null,
    severity: "warning",
    summary: "A worker died, and its steps were given to others.",
    cure: "Their attempts run again. The log says which worker (deadWorker) and why.",
  },
  {
    name: "MaxQLauncherDied",
    expr: "increase(maxq_launcher_restarts_total[15m]) > 0",
    for: null,
    severity: "warning",
    summary: "The launcher of {{ $labels.instance }} died and was replaced; what it ran counts as lost.",
    cure: "Look for the out-of-memory killer in the kernel's log, then at what the launcher said in the log.",
  },
  {
    name: "MaxQDatabaseSlow",
    expr: 'histogram_quantile(0.99, sum by (le) (rate(maxq_database_duration_seconds_bucket{kind="exchange"}[5m]))) > 0.5',
    for: "10m",
    severity: "warning",
    summary: "One exchange in a hundred takes the database over half a second.",
    cure: "A commit waits for its fsync: look at the disk of the database, then at locks and at vacuum.",
  },
  {
    name: "MaxQDatabaseFaults",
    expr: 'increase(maxq_database_errors_total{reason="fault"}[15m]) > 0',
    for: null,
    severity: "warning",
    summary: "The database refused requests of {{ $labels.instance }} ({{ $labels.kind }}).",
    cure: "The log holds the statement and the database's own words; maxq verify says whether anything is inconsistent.",
  },
  {
    name: "MaxQServerErrors",
    expr: 'sum(rate(maxq_http_requests_total{status="5xx"}[5m])) / sum(rate(maxq_http_requests_total[5m])) > 0.05',
    for: "5m",
    severity: "warning",
    summary: "More than one request in twenty is answered with a 5xx.",
    cure: "503 means the database is away. For the others look up the request id in the log.",
  },
  {
    name: "MaxQEventLoopBusy",
    expr: "rate(maxq_event_loop_active_seconds_total[5m]) > 0.9",
    for: "15m",
    severity: "warning",
    summary: "The event loop of {{ $labels.instance }} has been busy for nine tenths of the time.",
    cure: "One process of MaxQ can do no more: fewer slots there, or more processes.",
  },
];
