insert into step (run_id, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
values (:runId::uuid, 'flow', :id, '', :sequence, 'pending', :priority, :no, 0, 0, now_ms())
returning key
