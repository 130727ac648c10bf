/**
 * The whole schema, in both dialects. Times are epoch ms by the database's clock; JSON is kept as text (jsonb reorders keys and refuses \u0000).
 * Rows that change often (run, stage, step, gate) are narrow; text and large JSON live in tables of their own.
 */
export async function up(knex) {
  const postgres = knex.client.config.client !== "sqlite" && knex.client.dialect !== "sqlite3";
  for (const statement of statements(postgres)) await knex.raw(statement);
}

export async function down(knex) {
  const tables =
    "event run_log artifact step_field step_output attempt flow_call gate_edge step_edge step_option step gate stage idempotency_key run_detail run worker setting";
  for (const table of tables.split(" ")) await knex.raw(`drop table ${table}`);
  if (knex.client.config.client !== "sqlite" && knex.client.dialect !== "sqlite3")
    await knex.raw("drop function now_ms()");
}

function statements(postgres) {
  const key = postgres
    ? "bigint generated always as identity primary key"
    : "integer primary key autoincrement";
  const int8 = postgres ? "bigint" : "integer";
  const int4 = "integer";
  const bool = postgres ? "boolean" : "integer";
  const uuid = postgres ? "uuid" : "text";
  const no = postgres ? "false" : "0";
  // Room on the page, so that updates that touch no index stay on it; vacuum early, because these tables turn over fast.
  const hot = postgres
    ? " with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.05)"
    : "";

  // What pairs states with their times is checked on SQLite, where a check is compiled with its statement. PostgreSQL parses each check of a table anew
  // with every statement that updates it: a quarter of the CPU of a hop (1.35 ms with them, 1.00 without, in one session). There `maxq verify` looks.
  // The same verbs run on both.
  const check = (condition) => (postgres ? "" : `check (${condition})`);
  const also = (condition) => (postgres ? "" : `, check (${condition})`);

  const list = [
    `create table setting (
      name text primary key,
      value text not null
    )`,

    // Each registration is a row of its own: its key is the fence that a worker's claims carry. \`round\` is that of requests which were lost on their way:
    // what was sent before the worker looked at what it owns, and arrives after, claims nothing.
    `create table worker (
      key ${key},
      id text not null,
      host text not null,
      boot_id text not null,
      pid ${int4} not null,
      pid_started_at text not null,
      role text not null,
      slots ${int4} not null,
      launcher text not null,
      containment text not null,
      mark text not null,
      version text not null,
      lease_ms ${int4} not null,
      status text not null default 'live' ${check("status in ('live', 'draining', 'lost', 'retired')")},
      renewals ${int8} not null default 0,
      claimed_no ${int8} not null default 0,
      round ${int8} not null default 0,
      registered_at ${int8} not null,
      renewed_at ${int8} not null
    )${hot}`,

    // The run's row is the mutex of everything below it. \`control\` is the word that commits before its sweep.
    `create table run (
      id ${uuid} primary key,
      flow_name text not null,
      status text not null ${check("status in ('pending', 'running', 'paused', 'completed', 'failed', 'aborted')")},
      control text ${check("control in ('pause', 'abort', 'fail')")},
      priority ${int4} not null default 0,
      active ${int4} not null default 0 ${check("active >= 0")},
      open_stages ${int4} not null default 0 ${check("open_stages >= 0")},
      open_calls ${int4} not null default 0 ${check("open_calls >= 0")},
      calls ${int4} not null default 0,
      final_stage ${bool} not null default ${no},
      final_completed ${bool} not null default ${no},
      retries ${int4} not null default 0,
      completed_stage text,
      failed_stage text,
      last_no ${int8} not null default 0,
      event_no ${int8} not null default 0,
      created_at ${int8} not null,
      started_at ${int8},
      completed_at ${int8},
      deadline_at ${int8}
      ${also("(completed_at is not null) = (status in ('completed', 'failed', 'aborted'))")}
      ${also("control is null or status in ('pending', 'running', 'paused')")}
    )${hot}`,
    `create index run_created on run (created_at, id)`,
    `create index run_flow on run (flow_name, created_at, id)`,
    `create index run_status on run (status, created_at, id)`,
    `create index run_control on run (id) where control in ('abort', 'fail')`,
    `create index run_deadline on run (deadline_at) where deadline_at is not null`,

    `create table run_detail (
      run_id ${uuid} primary key references run (id) on delete cascade,
      input text not null,
      metadata text not null,
      output text not null default 'null',
      error text,
      termination_reason text,
      name text,
      description text,
      flow_title text,
      timeout_ms ${int8},
      parent_run_id ${uuid},
      retry_of ${uuid}
    )`,

    // Taken before its run exists, so that two triggers with one key wait for each other here.
    `create table idempotency_key (
      key text primary key,
      body_hash text not null,
      run_id ${uuid} not null,
      created_at ${int8} not null
    )`,
    `create index idempotency_run on idempotency_key (run_id)`,

    // \`superseded\` is 0, or the number of the retry that made it history. \`occupied\` counts numbered and running steps where max_parallel is set.
    // \`after_failure\`: a failure callback scheduled it. \`handled\`: it failed, and a stage with \`recover\` completed since.
    `create table stage (
      key ${key},
      run_id ${uuid} not null references run (id) on delete cascade,
      name text not null,
      status text not null ${check("status in ('pending', 'running', 'completed', 'failed', 'aborted')")},
      final ${bool} not null,
      fail_fast ${bool} not null,
      recover ${bool} not null,
      max_parallel ${int4},
      superseded ${int4} not null default 0,
      after_failure ${bool} not null default ${no},
      handled ${bool} not null default ${no},
      occupied ${int4} not null default 0,
      total_steps ${int4} not null,
      open_steps ${int4} not null ${check("open_steps >= 0")},
      failed_steps ${int4} not null default 0,
      body_hash text not null,
      output text,
      created_at ${int8} not null,
      started_at ${int8},
      completed_at ${int8},
      unique (run_id, name, superseded)
      ${also("(completed_at is not null) = (status in ('completed', 'failed', 'aborted'))")}
    )${hot}`,

    // A barrier: \`remaining\` of \`total\` steps are not completed yet.
    `create table gate (
      key ${key},
      stage_key ${int8} not null references stage (key) on delete cascade,
      total ${int4} not null,
      remaining ${int4} not null ${check("remaining >= 0")}
    )${hot}`,
    `create index gate_stage on gate (stage_key)`,

    // Step and what is written with it (edges, events, attempts, output, fields) carry no foreign keys: each would cost a lookup and a row lock a row.
    // Deleting a run deletes them, `maxq verify` looks for strays.
    // A step, or a flow call (kind 'flow'; then without a stage): everything that is claimed, fenced, killed and recovered.
    // \`worker_key\` owns it while it runs; \`ran_by\` remembers whose attempt was the last.
    // \`claim_no\` is set exactly on what can be claimed; \`due_at\` on what a timer will number.
    `create table step (
      key ${key},
      run_id ${uuid} not null,
      stage_key ${int8},
      gate_key ${int8},
      kind text not null ${check("kind in ('step', 'flow')")},
      id text not null,
      name text not null,
      sequence ${int4} not null,
      status text not null ${check("status in ('pending', 'running', 'completed', 'failed', 'cancelled', 'aborted')")},
      priority ${int4} not null,
      claim_no ${int8},
      due_at ${int8},
      deps_remaining ${int4} not null ${check("deps_remaining >= 0")},
      attempt ${int4} not null default 0,
      failures ${int4} not null default 0,
      losses ${int4} not null default 0,
      max_retries ${int4} not null,
      superseded ${int4} not null default 0,
      worker_key ${int8},
      ran_by ${int8},
      created_at ${int8} not null,
      claimed_at ${int8},
      started_at ${int8},
      completed_at ${int8},
      exit_code ${int4},
      signal text,
      cpu_ms ${int4},
      max_rss_bytes ${int8},
      error text,
      unique (run_id, id, superseded)
      ${also("claim_no is null or (status = 'pending' and deps_remaining = 0 and due_at is null)")}
      ${also("(worker_key is not null) = (status = 'running')")}
      ${also("(completed_at is not null) = (status in ('completed', 'failed', 'cancelled', 'aborted'))")}
    )${hot}`,
    `create index step_claim on step (kind, priority desc, claim_no) where claim_no is not null`,
    `create index step_stage on step (stage_key, key)`,
    `create index step_worker on step (worker_key) where worker_key is not null`,
    // Ready, but held back: by a pause, or by the stage's maxParallel.
    `create index step_parked on step (stage_key, key) where status = 'pending' and deps_remaining = 0 and claim_no is null and due_at is null`,
    `create index step_call on step (run_id, key) where kind = 'flow'`,
    `create index step_due on step (due_at) where due_at is not null`,

    // What most steps do not have: a row only where something differs from the default.
    `create table step_option (
      step_key ${int8} primary key references step (key) on delete cascade,
      depends_on text not null default '[]',
      env text not null default '{}',
      timeout_ms ${int8},
      retry_delay_ms ${int8} not null default 0,
      retry_backoff text not null default 'fixed',
      on_lost text not null default 'retry',
      allow_failure ${bool} not null default ${no}
    )`,

    `create table step_edge (
      from_key ${int8} not null,
      to_key ${int8} not null,
      primary key (from_key, to_key)
    )`,
    `create table gate_edge (
      gate_key ${int8} not null,
      to_key ${int8} not null,
      primary key (gate_key, to_key)
    )`,

    // What a flow call is told, and what it asked for over HTTP so far (\`accepted\`, or the last refusal with nothing accepted after it).
    `create table flow_call (
      step_key ${int8} primary key references step (key) on delete cascade,
      completed_stage text not null default '',
      failed_stage text not null default '',
      accepted ${bool} not null default ${no},
      refusal text
    )`,

    // Attempts that were followed by another; the last one is on the step itself.
    `create table attempt (
      step_key ${int8} not null,
      attempt ${int4} not null,
      status text not null,
      worker_key ${int8},
      started_at ${int8},
      completed_at ${int8},
      exit_code ${int4},
      signal text,
      reason text,
      error text,
      cpu_ms ${int4},
      max_rss_bytes ${int8},
      primary key (step_key, attempt)
    )`,

    `create table step_output (
      step_key ${int8} not null,
      attempt ${int4} not null,
      stdout text not null,
      stderr text not null,
      stdout_bytes ${int8} not null,
      stderr_bytes ${int8} not null,
      stdout_truncated ${bool} not null,
      stderr_truncated ${bool} not null,
      primary key (step_key, attempt)
    )`,

    `create table step_field (
      no ${key},
      step_key ${int8} not null,
      name text not null,
      value text not null,
      unique (step_key, name)
    )`,

    `create table artifact (
      run_id ${uuid} not null references run (id) on delete cascade,
      name text not null,
      data text not null,
      version ${int4} not null,
      bytes ${int8} not null,
      created_at ${int8} not null,
      updated_at ${int8} not null,
      primary key (run_id, name)
    )`,

    `create table run_log (
      no ${key},
      run_id ${uuid} not null references run (id) on delete cascade,
      level text not null,
      message text not null,
      entity_type text not null,
      entity_id text,
      metadata text not null,
      created_at ${int8} not null
    )`,
    `create index run_log_run on run_log (run_id, no)`,

    // One row a run and commit: \`body\` is a JSON array of changes. The run's row hands \`no\` out, so numbers are commit order.
    `create table event (
      run_id ${uuid} not null,
      no ${int8} not null,
      at ${int8} not null,
      body text not null,
      primary key (run_id, no)
    )`,
  ];
  // Inlined by the planner. One place to turn the clock in a test.
  if (postgres)
    list.unshift(
      `create function now_ms() returns bigint language sql stable as 'select (extract(epoch from statement_timestamp()) * 1000)::bigint'`,
    );
  return list;
}
