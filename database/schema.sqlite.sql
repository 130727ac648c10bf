-- Made by scripts/dump-schema.sh from database/migrations: change those, not this.

CREATE TABLE artifact (
  run_id text not null references run (id) on delete cascade,
  name text not null,
  data text not null,
  version integer not null,
  bytes integer not null,
  created_at integer not null,
  updated_at integer not null,
  primary key (run_id, name)
);
CREATE TABLE attempt (
  step_key integer not null,
  attempt integer not null,
  status text not null,
  worker_key integer,
  started_at integer,
  completed_at integer,
  exit_code integer,
  signal text,
  reason text,
  error text,
  cpu_ms integer,
  max_rss_bytes integer,
  primary key (step_key, attempt)
);
CREATE TABLE event (
  run_id text not null,
  no integer not null,
  at integer not null,
  body text not null,
  primary key (run_id, no)
);
CREATE TABLE flow_call (
  step_key integer primary key references step (key) on delete cascade,
  completed_stage text not null default '',
  failed_stage text not null default '',
  accepted integer not null default 0,
  refusal text
);
CREATE TABLE gate (
  key integer primary key autoincrement,
  stage_key integer not null references stage (key) on delete cascade,
  total integer not null,
  remaining integer not null check (remaining >= 0)
);
CREATE INDEX gate_stage on gate (stage_key);
CREATE TABLE gate_edge (
  gate_key integer not null,
  to_key integer not null,
  primary key (gate_key, to_key)
);
CREATE TABLE idempotency_key (
  key text primary key,
  body_hash text not null,
  run_id text not null,
  created_at integer not null
);
CREATE INDEX idempotency_run on idempotency_key (run_id);
CREATE TABLE run (
  id text primary key,
  flow_name text not null,
  status text not null check (status in ('pending', 'running', 'paused', 'completed', 'failed', 'aborted')),
  control text check (control in ('pause', 'abort', 'fail')),
  priority integer not null default 0,
  active integer not null default 0 check (active >= 0),
  open_stages integer not null default 0 check (open_stages >= 0),
  open_calls integer not null default 0 check (open_calls >= 0),
  calls integer not null default 0,
  final_stage integer not null default 0,
  final_completed integer not null default 0,
  retries integer not null default 0,
  completed_stage text,
  failed_stage text,
  last_no integer not null default 0,
  event_no integer not null default 0,
  created_at integer not null,
  started_at integer,
  completed_at integer,
  deadline_at integer
  , check ((completed_at is not null) = (status in ('completed', 'failed', 'aborted')))
  , check (control is null or status in ('pending', 'running', 'paused'))
);
CREATE INDEX run_completed on run (completed_at) where completed_at is not null;
CREATE INDEX run_control on run (id) where control in ('abort', 'fail');
CREATE INDEX run_deadline on run (deadline_at) where deadline_at is not null;
CREATE INDEX run_flow_status on run (flow_name, status, created_at, id);
CREATE INDEX run_started on run (started_at) where started_at is not null;
CREATE INDEX run_status on run (status, created_at, id);
CREATE TABLE run_detail (
  run_id text primary key references run (id) on delete cascade,
  input text not null,
  metadata text not null,
  output text not null default 'null',
  error text,
  termination_reason text,
  name text,
  description text,
  flow_title text,
  timeout_ms integer,
  parent_run_id text,
  retry_of text
);
CREATE INDEX run_parent on run_detail (parent_run_id) where parent_run_id is not null;
CREATE TABLE run_log (
  no integer primary key autoincrement,
  run_id text not null references run (id) on delete cascade,
  level text not null,
  message text not null,
  entity_type text not null,
  entity_id text,
  metadata text not null,
  created_at integer not null
);
CREATE INDEX run_log_run on run_log (run_id, no);
CREATE TABLE run_metadata (
  run_id text not null references run (id) on delete cascade,
  name text not null,
  value text not null,
  created_at integer not null,
  flow_name text not null, primary key (run_id, name)
);
CREATE INDEX run_metadata_value on run_metadata (name, value, created_at, run_id, flow_name);
CREATE TABLE setting (
  name text primary key,
  value text not null
);
CREATE TABLE stage (
  key integer primary key autoincrement,
  run_id text not null references run (id) on delete cascade,
  name text not null,
  status text not null check (status in ('pending', 'running', 'completed', 'failed', 'aborted')),
  final integer not null,
  fail_fast integer not null,
  recover integer not null,
  max_parallel integer,
  superseded integer not null default 0,
  after_failure integer not null default 0,
  handled integer not null default 0,
  occupied integer not null default 0,
  total_steps integer not null,
  open_steps integer not null check (open_steps >= 0),
  failed_steps integer not null default 0,
  body_hash text not null,
  output text,
  created_at integer not null,
  started_at integer,
  completed_at integer, scheduled_by integer,
  unique (run_id, name, superseded)
  , check ((completed_at is not null) = (status in ('completed', 'failed', 'aborted')))
);
CREATE TABLE step (
  key integer primary key autoincrement,
  run_id text not null,
  stage_key integer,
  gate_key integer,
  kind text not null check (kind in ('step', 'flow')),
  id text not null,
  name text not null,
  sequence integer not null,
  status text not null check (status in ('pending', 'running', 'completed', 'failed', 'cancelled', 'aborted')),
  priority integer not null,
  claim_no integer,
  due_at integer,
  deps_remaining integer not null check (deps_remaining >= 0),
  attempt integer not null default 0,
  failures integer not null default 0,
  losses integer not null default 0,
  max_retries integer not null,
  superseded integer not null default 0,
  worker_key integer,
  ran_by integer,
  created_at integer not null,
  claimed_at integer,
  started_at integer,
  completed_at integer,
  exit_code integer,
  signal text,
  cpu_ms integer,
  max_rss_bytes integer,
  error text, ready_at integer,
  unique (run_id, id, superseded)
  , check (claim_no is null or (status = 'pending' and deps_remaining = 0 and due_at is null))
  , check ((worker_key is not null) = (status = 'running'))
  , check ((completed_at is not null) = (status in ('completed', 'failed', 'cancelled', 'aborted')))
);
CREATE INDEX step_call on step (run_id, key) where kind = 'flow';
CREATE INDEX step_claim on step (kind, priority desc, claim_no) where claim_no is not null;
CREATE INDEX step_due on step (due_at) where due_at is not null;
CREATE INDEX step_parked on step (stage_key, key) where status = 'pending' and deps_remaining = 0 and claim_no is null and due_at is null;
CREATE INDEX step_stage on step (stage_key, key);
CREATE INDEX step_worker on step (worker_key) where worker_key is not null;
CREATE TABLE step_edge (
  from_key integer not null,
  to_key integer not null,
  primary key (from_key, to_key)
);
CREATE TABLE step_field (
  no integer primary key autoincrement,
  step_key integer not null,
  name text not null,
  value text not null,
  unique (step_key, name)
);
CREATE TABLE step_option (
  step_key integer primary key references step (key) on delete cascade,
  depends_on text not null default '[]',
  env text not null default '{}',
  timeout_ms integer,
  retry_delay_ms integer not null default 0,
  retry_backoff text not null default 'fixed',
  on_lost text not null default 'retry',
  allow_failure integer not null default 0
);
CREATE TABLE step_output (
  step_key integer not null,
  attempt integer not null,
  stdout text not null,
  stderr text not null,
  stdout_bytes integer not null,
  stderr_bytes integer not null,
  stdout_truncated integer not null,
  stderr_truncated integer not null,
  primary key (step_key, attempt)
);
CREATE TABLE worker (
  key integer primary key autoincrement,
  id text not null,
  host text not null,
  boot_id text not null,
  pid integer not null,
  pid_started_at text not null,
  role text not null,
  slots integer not null,
  launcher text not null,
  containment text not null,
  mark text not null,
  version text not null,
  lease_ms integer not null,
  status text not null default 'live' check (status in ('live', 'draining', 'lost', 'retired')),
  renewals integer not null default 0,
  claimed_no integer not null default 0,
  round integer not null default 0,
  registered_at integer not null,
  renewed_at integer not null
);
