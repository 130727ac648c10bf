-- Made by scripts/dump-schema.sh from database/migrations: change those, not this.

create function now_ms() returns bigint language sql stable as $$select (extract(epoch from statement_timestamp()) * 1000)::bigint$$;

create table artifact (
  run_id uuid not null,
  name text not null,
  data text not null,
  version integer not null,
  bytes bigint not null,
  created_at bigint not null,
  updated_at bigint not null,
  constraint artifact_pkey PRIMARY KEY (run_id, name),
  constraint artifact_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);

create table attempt (
  step_key bigint not null,
  attempt integer not null,
  status text not null,
  worker_key bigint,
  started_at bigint,
  completed_at bigint,
  exit_code integer,
  signal text,
  reason text,
  error text,
  cpu_ms integer,
  max_rss_bytes bigint,
  constraint attempt_pkey PRIMARY KEY (step_key, attempt)
);

create table event (
  run_id uuid not null,
  no bigint not null,
  at bigint not null,
  body text not null,
  constraint event_pkey PRIMARY KEY (run_id, no)
);

create table flow_call (
  step_key bigint not null,
  completed_stage text default ''::text not null,
  failed_stage text default ''::text not null,
  accepted boolean default false not null,
  refusal text,
  constraint flow_call_pkey PRIMARY KEY (step_key),
  constraint flow_call_step_key_fkey FOREIGN KEY (step_key) REFERENCES step(key) ON DELETE CASCADE
);

create table gate (
  key bigint generated always as identity not null,
  stage_key bigint not null,
  total integer not null,
  remaining integer not null,
  constraint gate_pkey PRIMARY KEY (key),
  constraint gate_stage_key_fkey FOREIGN KEY (stage_key) REFERENCES stage(key) ON DELETE CASCADE
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000, autovacuum_analyze_scale_factor=0.05);
CREATE INDEX gate_stage ON gate USING btree (stage_key);

create table gate_edge (
  gate_key bigint not null,
  to_key bigint not null,
  constraint gate_edge_pkey PRIMARY KEY (gate_key, to_key)
);

create table idempotency_key (
  key text not null,
  body_hash text not null,
  run_id uuid not null,
  created_at bigint not null,
  constraint idempotency_key_pkey PRIMARY KEY (key)
);
CREATE INDEX idempotency_run ON idempotency_key USING btree (run_id);

create table run (
  id uuid not null,
  flow_name text not null,
  status text not null,
  control text,
  priority integer default 0 not null,
  active integer default 0 not null,
  open_stages integer default 0 not null,
  open_calls integer default 0 not null,
  calls integer default 0 not null,
  final_stage boolean default false not null,
  final_completed boolean default false not null,
  retries integer default 0 not null,
  completed_stage text,
  failed_stage text,
  last_no bigint default 0 not null,
  event_no bigint default 0 not null,
  created_at bigint not null,
  started_at bigint,
  completed_at bigint,
  deadline_at bigint,
  constraint run_pkey PRIMARY KEY (id)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000, autovacuum_analyze_scale_factor=0.05);
CREATE INDEX run_control ON run USING btree (id) WHERE (control = ANY (ARRAY['abort'::text, 'fail'::text]));
CREATE INDEX run_deadline ON run USING btree (deadline_at) WHERE (deadline_at IS NOT NULL);
CREATE INDEX run_flow_status ON run USING btree (flow_name, status, created_at, id);
CREATE INDEX run_status ON run USING btree (status, created_at, id);
CREATE INDEX run_times ON run USING brin (started_at, completed_at);

create table run_detail (
  run_id uuid not null,
  input text not null,
  metadata text not null,
  output text default 'null'::text not null,
  error text,
  termination_reason text,
  name text,
  description text,
  flow_title text,
  timeout_ms bigint,
  parent_run_id uuid,
  retry_of uuid,
  constraint run_detail_pkey PRIMARY KEY (run_id),
  constraint run_detail_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);
CREATE INDEX run_parent ON run_detail USING btree (parent_run_id) WHERE (parent_run_id IS NOT NULL);

create table run_log (
  no bigint generated always as identity not null,
  run_id uuid not null,
  level text not null,
  message text not null,
  entity_type text not null,
  entity_id text,
  metadata text not null,
  created_at bigint not null,
  constraint run_log_pkey PRIMARY KEY (no),
  constraint run_log_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);
CREATE INDEX run_log_run ON run_log USING btree (run_id, no);

create table run_metadata (
  run_id uuid not null,
  name text not null,
  value text not null,
  created_at bigint not null,
  flow_name text not null,
  constraint run_metadata_pkey PRIMARY KEY (run_id, name),
  constraint run_metadata_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
);
CREATE INDEX run_metadata_value ON run_metadata USING btree (name, value, created_at, run_id, flow_name);
CREATE STATISTICS run_metadata_values (mcv) ON name, value FROM run_metadata;

create table setting (
  name text not null,
  value text not null,
  constraint setting_pkey PRIMARY KEY (name)
);

create table stage (
  key bigint generated always as identity not null,
  run_id uuid not null,
  name text not null,
  status text not null,
  final boolean not null,
  fail_fast boolean not null,
  recover boolean not null,
  max_parallel integer,
  superseded integer default 0 not null,
  after_failure boolean default false not null,
  handled boolean default false not null,
  occupied integer default 0 not null,
  total_steps integer not null,
  open_steps integer not null,
  failed_steps integer default 0 not null,
  body_hash text not null,
  output text,
  created_at bigint not null,
  started_at bigint,
  completed_at bigint,
  scheduled_by bigint,
  constraint stage_pkey PRIMARY KEY (key),
  constraint stage_run_id_name_superseded_key UNIQUE (run_id, name, superseded),
  constraint stage_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(id) ON DELETE CASCADE
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000, autovacuum_analyze_scale_factor=0.05);

create table step (
  key bigint generated always as identity not null,
  run_id uuid not null,
  stage_key bigint,
  gate_key bigint,
  kind text not null,
  id text not null,
  name text not null,
  sequence integer not null,
  status text not null,
  priority integer not null,
  claim_no bigint,
  due_at bigint,
  deps_remaining integer not null,
  attempt integer default 0 not null,
  failures integer default 0 not null,
  losses integer default 0 not null,
  max_retries integer not null,
  superseded integer default 0 not null,
  worker_key bigint,
  ran_by bigint,
  created_at bigint not null,
  claimed_at bigint,
  started_at bigint,
  completed_at bigint,
  exit_code integer,
  signal text,
  cpu_ms integer,
  max_rss_bytes bigint,
  error text,
  ready_at bigint,
  constraint step_pkey PRIMARY KEY (key),
  constraint step_run_id_id_superseded_key UNIQUE (run_id, id, superseded)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000, autovacuum_analyze_scale_factor=0.05);
CREATE INDEX step_call ON step USING btree (run_id, key) WHERE (kind = 'flow'::text);
CREATE INDEX step_claim ON step USING btree (kind, priority DESC, claim_no) WHERE (claim_no IS NOT NULL);
CREATE INDEX step_due ON step USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX step_parked ON step USING btree (stage_key, key) WHERE ((status = 'pending'::text) AND (deps_remaining = 0) AND (claim_no IS NULL) AND (due_at IS NULL));
CREATE INDEX step_stage ON step USING btree (stage_key, key);
CREATE INDEX step_worker ON step USING btree (worker_key) WHERE (worker_key IS NOT NULL);

create table step_edge (
  from_key bigint not null,
  to_key bigint not null,
  constraint step_edge_pkey PRIMARY KEY (from_key, to_key)
);

create table step_field (
  no bigint generated always as identity not null,
  step_key bigint not null,
  name text not null,
  value text not null,
  constraint step_field_pkey PRIMARY KEY (no),
  constraint step_field_step_key_name_key UNIQUE (step_key, name)
);

create table step_option (
  step_key bigint not null,
  depends_on text default '[]'::text not null,
  env text default '{}'::text not null,
  timeout_ms bigint,
  retry_delay_ms bigint default 0 not null,
  retry_backoff text default 'fixed'::text not null,
  on_lost text default 'retry'::text not null,
  allow_failure boolean default false not null,
  constraint step_option_pkey PRIMARY KEY (step_key),
  constraint step_option_step_key_fkey FOREIGN KEY (step_key) REFERENCES step(key) ON DELETE CASCADE
);

create table step_output (
  step_key bigint not null,
  attempt integer not null,
  stdout text not null,
  stderr text not null,
  stdout_bytes bigint not null,
  stderr_bytes bigint not null,
  stdout_truncated boolean not null,
  stderr_truncated boolean not null,
  constraint step_output_pkey PRIMARY KEY (step_key, attempt)
);

create table worker (
  key bigint generated always as identity not null,
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
  status text default 'live'::text not null,
  renewals bigint default 0 not null,
  claimed_no bigint default 0 not null,
  round bigint default 0 not null,
  registered_at bigint not null,
  renewed_at bigint not null,
  constraint worker_pkey PRIMARY KEY (key)
) with (fillfactor=70, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=1000, autovacuum_analyze_scale_factor=0.05);
