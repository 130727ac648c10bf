insert into step (run_id, stage_key, gate_key, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
select :runId::uuid, :stageKey, r.gate, 'step', r.id, r.name, r.sequence, 'pending', r.priority, r.no, r.deps, r.retries, now_ms()
  from json_to_recordset(:rows::json) as r(id text, name text, sequence int, priority int, deps int, gate bigint, retries int, no bigint)
returning key
