insert into step (run_id, stage_key, gate_key, kind, id, name, sequence, status, priority, deps_remaining, max_retries, claim_no, created_at)
select :runId::uuid, :stageKey, (r ->> 5)::bigint, 'step', r ->> 0, r ->> 1, (r ->> 2)::int, 'pending', (r ->> 3)::int, (r ->> 4)::int, (r ->> 6)::int, (r ->> 7)::bigint, now_ms()
  from json_array_elements(:rows::json) r
