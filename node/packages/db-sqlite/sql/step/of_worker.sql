select key, kind, priority, run_id as "runId", stage_key as "stageKey", attempt, started_at is not null as started
  from step where worker_key = :workerKey order by key
