/** Rows of a database that has been in use for a year, made by the database itself: generated SQL, one statement a table. */
export interface History {
  /** Finished runs, evenly over a year; each with one stage and one finished step. */
  readonly runs: number;
  /** Runs of 1,000 ready steps each that wait to be claimed. */
  readonly waitingRuns: number;
  /** Steps of one finished run that is big. */
  readonly bigRunSteps: number;
}

/** Id of the run that is big. */
export const bigRunId = runId(16_000_000);

/** Id of the n-th finished run, from 1, the oldest. */
export function runId(n: number): string {
  const hex = n.toString(16).padStart(12, "0");
  return `018f0000-0000-7000-8000-${hex}`;
}

/** Epoch ms of the first seeded run, and between two. */
export const firstRunAt = 1_700_000_000_000;
export const betweenRunsMs = 31_000;

/** The statements that make a history, in their order; the last ones gather the planner's statistics. */
export function historyStatements(database: "postgres" | "sqlite", history: History): readonly string[] {
  const sql = database === "postgres" ? postgres : sqlite;
  return [
    ...finishedRuns(sql, history.runs),
    ...waitingRuns(sql, history.waitingRuns),
    ...bigRun(sql, history.bigRunSteps),
    ...sql.analyze,
  ];
}

/** Where the dialects differ. */
interface Dialect {
  /** A row source with the column `i`, n rows of it after a number; from 1 without. */
  readonly series: (n: number, after?: number) => string;
  readonly id: (n: string) => string;
  readonly bool: (value: boolean) => string;
  /** Before an insert into what refers to runs: not looked up, which takes two thirds of the time. */
  readonly trusting: string;
  readonly analyze: readonly string[];
}

const postgres: Dialect = {
  series: (n, after = 0) => `generate_series(${after + 1}::bigint, ${after + n}) as g(i)`,
  id: (n) => `('018f0000-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`,
  bool: String,
  trusting: "set session_replication_role = replica; ",
  analyze: ["vacuum (analyze)", "checkpoint"],
};

const sqlite: Dialect = {
  series: (n, after = 0) =>
    `(with recursive n(i) as (select ${after + 1} union all select i + 1 from n where i < ${after + n}) select i from n) as g`,
  id: (n) => `printf('018f0000-0000-7000-8000-%012x', ${n})`,
  bool: (value) => (value ? "1" : "0"),
  trusting: "",
  analyze: ["analyze"],
};

/** Of 1,000 runs 970 completed, 20 failed, 10 were aborted; 20 flows. */
const status = `case when i % 1000 < 970 then 'completed' when i % 1000 < 990 then 'failed' else 'aborted' end`;
const flow = "'flow-' || (i * 7 % 20)";
/** A hundred teams, two stages, and tickets that are all different. */
const values = {
  team: "'team-' || (i % 100)",
  stage: "case when i % 2 = 0 then 'live' else 'test' end",
  ticket: "'T-' || i",
};
const metadata = `'{"team":"' || ${values.team} || '","stage":"' || ${values.stage} || '","ticket":"' || ${values.ticket} || '"}'`;
const at = `${firstRunAt} + i * ${betweenRunsMs}`;

function finishedRuns(sql: Dialect, runs: number, after = 0): string[] {
  const from = `from ${sql.series(runs, after)}`;
  return [
    `insert into run (id, flow_name, status, calls, event_no, created_at, started_at, completed_at, completed_stage, final_stage, final_completed)
     select ${sql.id("i")}, ${flow}, ${status}, 1, 6, ${at}, ${at} + 3, ${at} + 1000 + i % 30000, 'work', ${sql.bool(true)}, ${sql.bool(true)} ${from}`,
    `${sql.trusting}insert into run_detail (run_id, input, metadata) select ${sql.id("i")}, '{"n":' || i || '}', ${metadata} ${from}`,
    ...Object.entries(values).map(
      ([name, value]) =>
        `${sql.trusting}insert into run_metadata (run_id, name, value, created_at, flow_name)
         select ${sql.id("i")}, '${name}', ${value}, ${at}, ${flow} ${from}`,
    ),
    `${sql.trusting}insert into stage (run_id, name, status, final, fail_fast, recover, total_steps, open_steps, body_hash, created_at, started_at, completed_at)
     select ${sql.id("i")}, 'work', 'completed', ${sql.bool(true)}, ${sql.bool(true)}, ${sql.bool(false)}, 1, 0, '', ${at}, ${at} + 5, ${at} + 900 ${from}`,
    `insert into step (run_id, stage_key, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, created_at, claimed_at, started_at, completed_at, exit_code)
     select g.run_id, g.key, 'step', 'work.noop', 'noop', 0, 'completed', 0, 0, 1, 0, g.created_at, g.created_at, g.started_at, g.completed_at, 0
       from stage g where g.created_at > ${firstRunAt + after * betweenRunsMs} order by g.key`,
  ];
}

/** So many finished runs more, after a number of them, with all that a one-step run leaves: its flow call, what the scripts printed and its stream of events, too. */
export function portionStatements(
  database: "postgres" | "sqlite",
  runs: number,
  after: number,
): readonly string[] {
  const sql = database === "postgres" ? postgres : sqlite;
  const from = `from ${sql.series(runs, after)}`;
  const since = firstRunAt + after * betweenRunsMs;
  const event = (no: number, body: string): string =>
    `insert into event (run_id, no, at, body) select ${sql.id("i")}, ${no}, ${at}, '[${body}]' ${from}`;
  return [
    ...finishedRuns(sql, runs, after),
    `insert into step (run_id, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, created_at, claimed_at, started_at, completed_at, exit_code)
     select ${sql.id("i")}, 'flow', 'flow:1', '', 0, 'completed', 0, 0, 1, 0, ${at}, ${at}, ${at}, ${at} + 5, 0 ${from}`,
    `${sql.trusting}insert into flow_call (step_key) select key from step where kind = 'flow' and created_at > ${since}`,
    `insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
     select key, 1, 'A line that a script prints, of some eighty characters, and it is said only once.', '', 80, 0, ${sql.bool(false)}, ${sql.bool(false)}
       from step where created_at > ${since}`,
    event(
      1,
      '{"type":"run","data":{"status":"pending"}},{"type":"flow","data":{"id":"flow:1","status":"pending"}}',
    ),
    event(
      2,
      '{"type":"run","data":{"status":"running"}},{"type":"flow","data":{"id":"flow:1","status":"running","attempt":1}}',
    ),
    event(
      3,
      '{"type":"flow","data":{"id":"flow:1","status":"completed","attempt":1}},{"type":"stage","data":{"name":"work","status":"pending","steps":1}}',
    ),
    event(
      4,
      '{"type":"stage","data":{"name":"work","status":"running"}},{"type":"step","data":{"id":"work.noop","status":"running","attempt":1}}',
    ),
    event(
      5,
      '{"type":"step","data":{"id":"work.noop","status":"completed","attempt":1}},{"type":"stage","data":{"name":"work","status":"completed"}}',
    ),
    event(6, '{"type":"run","data":{"status":"completed"}}'),
  ];
}

/** The newest: numbered as the engine numbers them, one after the other. */
function waitingRuns(sql: Dialect, runs: number): string[] {
  if (runs === 0) return [];
  const id = sql.id("15000000 + i");
  const from = `from ${sql.series(runs)}`;
  return [
    `insert into run (id, flow_name, status, open_stages, calls, event_no, last_no, created_at) select ${id}, 'waiting', 'pending', 1, 1, 3, i * 1000, ${firstRunAt} + i ${from}`,
    `insert into run_detail (run_id, input, metadata) select ${id}, '{}', '{}' ${from}`,
    `insert into stage (run_id, name, status, final, fail_fast, recover, total_steps, open_steps, body_hash, created_at)
     select ${id}, 'work', 'pending', ${sql.bool(true)}, ${sql.bool(true)}, ${sql.bool(false)}, 1000, 1000, '', ${firstRunAt} ${from}`,
    `insert into step (run_id, stage_key, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
     select r.id, t.key, 'step', 'work.noop.' || (i - 1), 'noop', i - 1, 'pending', 0, r.last_no - 1000 + i, 0, 0, ${firstRunAt}
       from run r join stage t on t.run_id = r.id cross join ${sql.series(1000)} where r.flow_name = 'waiting' order by t.key, i`,
  ];
}

function bigRun(sql: Dialect, steps: number): string[] {
  if (steps === 0) return [];
  const id = sql.id("16000000");
  return [
    `insert into run (id, flow_name, status, calls, event_no, created_at, started_at, completed_at)
     values (${id}, 'big', 'completed', 1, 6, ${firstRunAt}, ${firstRunAt}, ${firstRunAt} + 60000)`,
    `insert into run_detail (run_id, input, metadata) values (${id}, '{}', '{}')`,
    `insert into stage (run_id, name, status, final, fail_fast, recover, total_steps, open_steps, body_hash, created_at, started_at, completed_at)
     values (${id}, 'work', 'completed', ${sql.bool(true)}, ${sql.bool(true)}, ${sql.bool(false)}, ${steps}, 0, '', ${firstRunAt}, ${firstRunAt}, ${firstRunAt} + 60000)`,
    `insert into step (run_id, stage_key, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, created_at, claimed_at, started_at, completed_at, exit_code)
     select t.run_id, t.key, 'step', 'work.noop.' || (i - 1), 'noop', i - 1, case when i % 50 = 0 then 'failed' else 'completed' end, 0, 0, 1, 0,
            ${firstRunAt}, ${firstRunAt}, ${firstRunAt} + i, ${firstRunAt} + i + 5, case when i % 50 = 0 then 1 else 0 end
       from stage t cross join ${sql.series(steps)} where t.run_id = ${id} order by i`,
  ];
}
