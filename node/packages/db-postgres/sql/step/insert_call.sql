insert into step (run_id, kind, id, name, sequence, status, priority, deps_remaining, max_retries, created_at)
values (:runId::uuid, 'flow', :id, '', :sequence, 'pending', :priority, 0, 0, now_ms())
returning key
