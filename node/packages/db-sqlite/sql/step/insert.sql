insert into step (run_id, stage_key, gate_key, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
select :runId, :stageKey, value ->> '$.gate', 'step', value ->> '$.id', value ->> '$.name', value ->> '$.sequence', 'pending', value ->> '$.priority',
       value ->> '$.no', value ->> '$.deps', value ->> '$.retries', now_ms()
  from json_each(:rows)
 where true
returning key
