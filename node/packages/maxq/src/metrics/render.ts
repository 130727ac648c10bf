import { alerts, type Alert } from "./alerts.js";
import { definitions, type Definition } from "./definitions.js";

const opening = `# Metrics

What every process of MaxQ tells Prometheus. The tables are made from the source (\`./scripts/render-docs.sh\`); a test compares a real scrape with them.

\`\`\`bash server
maxq --flows docs/examples/flows
\`\`\`

\`\`\`bash
curl -sS http://127.0.0.1:3000/metrics | grep maxq_slots_used
\`\`\`

\`\`\`console
# HELP maxq_slots_used Scripts that this process runs.
# TYPE maxq_slots_used gauge
maxq_slots_used{kind="step"} 0
maxq_slots_used{kind="flow"} 0
\`\`\`

\`\`\`yaml
scrape_configs:
  - job_name: maxq
    authorization:
      credentials_file: /etc/prometheus/maxq.key
    static_configs:
      - targets: ["maxq.example:3000", "worker-1.example:9464"]
\`\`\`

- **Where.** A server answers \`GET /metrics\` at its own port. \`MAXQ_METRICS_PORT\` opens another listener, on any process, which answers \`/metrics\`, \`/healthz\` and \`/readyz\` and nothing else: a \`maxq worker\` has no other that can be asked, because the listener for its scripts takes their tokens alone. It is off by default, and on loopback unless \`MAXQ_METRICS_HOST\` says otherwise.
- **Who.** The rules of the API: where a key is needed it is needed here, on both listeners. Without one, on loopback, processes of MaxQ's own user may ask, and root; a Prometheus that runs as another user needs a key. A script's token is refused.
- **What it costs.** Most is counted once an exchange; two histograms are kept a step. Counting and the log together take 1 µs of the engine's thread a step where an exchange carries ten, 2 µs where it carries one. What comes from the database is asked for at most once in five seconds, however many scrape, and is bounded: with 1,000,000 runs and 100,000 waiting steps it took PostgreSQL 9 ms, 21 ms with the dead rows of three updates of them all, and SQLite 18 ms.
- **When the database is away** the scrape is answered within two seconds with all that the process knows itself; \`maxq_database_up\` is 0, and the metrics of the database are missing.
- **How many series.** Every label has the values that the table names, and no others: no run, step, flow or host is one. A server gives 450 to 650 series, more where more routes were asked; after 10,000 runs of four flows it gave not one more than after the first few, its own scrapes aside.
- **Adding up.** Metrics of a *process* are added up over processes. Those of the *database* are the same wherever they are asked: take \`max\`, not \`sum\`.
- Counts of the database are exact to 10,000; beyond that they are the planner's estimate on PostgreSQL, and counted as far as 100,000 on SQLite. The time of the first in the queue looks at the first twenty of each of the twenty highest priorities.
`;

const processMetrics = `## Of the process and Node.js

From [prom-client](https://github.com/siimon/prom-client), under the names that other Node.js programs use: \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`, \`process_open_fds\`, \`process_start_time_seconds\`, \`nodejs_heap_size_used_bytes\`, \`nodejs_gc_duration_seconds\`, and others. The percentiles of the event loop's delay are left out, because looking for them wakes an idle process a hundred times a second; \`maxq_event_loop_active_seconds_total\` costs nothing. The launcher and the scripts are processes of their own and not in these numbers.
`;

const questions: readonly (readonly [question: string, query: string])[] = [
  [
    "How long do 99 of 100 steps wait at most before they start?",
    'histogram_quantile(0.99, sum by (le) (rate(maxq_start_latency_seconds_bucket{kind="step"}[5m])))',
  ],
  [
    "How many steps end a second, and how?",
    'sum by (result) (rate(maxq_attempts_ended_total{kind="step"}[5m]))',
  ],
  [
    "What does MaxQ itself put between two steps of a chain?",
    "histogram_quantile(0.5, sum by (le) (rate(maxq_hop_latency_seconds_bucket[5m])))",
  ],
  [
    "How many outcomes does one commit carry? (Few under load: the database keeps up.)",
    "sum(rate(maxq_exchange_outcomes_sum[5m])) / sum(rate(maxq_exchange_outcomes_count[5m]))",
  ],
  [
    "Which part of its time does each worker wait for the database?",
    'sum by (instance) (rate(maxq_database_duration_seconds_sum{kind="exchange"}[5m]))',
  ],
];

/** The page docs/metrics.md. */
export function renderMetrics(): string {
  const all = Object.entries<Definition>(definitions);
  const table = (title: string, of: Definition["of"]): string => {
    const rows = all.filter(([, definition]) => definition.of === of).map(([name, each]) => row(name, each));
    return `## ${title}\n\n| metric | type | unit | labels | meaning | alert |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
  };
  return [
    opening,
    table("Of the database", "database"),
    table("Of each process", "process"),
    processMetrics,
    renderQuestions(),
    renderAlertTable(),
  ].join("\n");
}

function renderQuestions(): string {
  const rows = questions.map(([question, query]) => `| ${question} | \`${query}\` |`);
  return `## Questions that they answer\n\n| | |\n|---|---|\n${rows.join("\n")}\n`;
}

function row(name: string, { type, help, labels = {} }: Definition): string {
  const named = Object.entries(labels).map(([label, values]) => `\`${label}\`: ${values}`);
  const rules = alerts.filter(({ expr }) => new RegExp(`\\b${name}(_bucket)?\\b`).test(expr));
  const cells = [
    `\`${name}\``,
    type,
    unitOf(name),
    named.join("; "),
    help,
    rules.map((each) => each.name).join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function unitOf(name: string): string {
  if (/_seconds(_total)?$/.test(name)) return "seconds";
  if (name.endsWith("_ratio")) return "part of 1";
  return name === "maxq_info" || name === "maxq_database_up" ? "" : "count";
}

function renderAlertTable(): string {
  const rows = alerts.map(
    ({ name, severity, summary, cure }) =>
      `| ${name} | ${severity} | ${summary.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, "*$1*")} | ${cure} |`,
  );
  return `## Alerts

Rules to begin with, in [examples/prometheus-alerts.yaml](examples/prometheus-alerts.yaml) (\`promtool check rules\` passes): the numbers in them are for you to change. They expect \`job_name: maxq\`.

| alert | severity | what is the case | what to do |
|---|---|---|---|
${rows.join("\n")}
`;
}

/** The file docs/examples/prometheus-alerts.yaml. */
export function renderAlerts(): string {
  return `# Alert rules for MaxQ, made from its source (./scripts/render-docs.sh). What each means: docs/metrics.md.
groups:
  - name: maxq
    rules:
${alerts.map(rule).join("")}`;
}

/** A JSON string is one of YAML, too. */
function rule({ name, expr, for: time, severity, summary, cure }: Alert): string {
  const lines = [
    `- alert: ${name}`,
    `  expr: ${JSON.stringify(expr)}`,
    ...(time === null ? [] : [`  for: ${time}`]),
    "  labels:",
    `    severity: ${severity}`,
    "  annotations:",
    `    summary: ${JSON.stringify(summary)}`,
    `    description: ${JSON.stringify(cure)}`,
  ];
  return lines.map((line) => `      ${line}\n`).join("");
}
