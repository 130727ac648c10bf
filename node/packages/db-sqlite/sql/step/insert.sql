insert into step (run_id, stage_key, gate_key, kind, id, name, sequence, status, priority, deps_remaining, max_retries, claim_no, created_at)
select :runId, :stageKey, value ->> 5, 'step', value ->> 0, value ->> 1, value ->> 2, 'pending', value ->> 3, value ->> 4, value ->> 6, value ->> 7, (select now_ms())
  from json_each(:rows)
 where true
