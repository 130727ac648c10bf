update step set due_at = null
 where run_id = :runId::uuid and due_at is not null and due_at <= now_ms() and status = 'pending'
returning key, kind, priority, stage_key as "stageKey", (select max_parallel from stage where stage.key = stage_key) as "maxParallel"
