update stage set status = 'aborted', completed_at = now_ms(), open_steps = 0
 where run_id = :runId::uuid and superseded = 0 and status in ('pending', 'running')
returning name
