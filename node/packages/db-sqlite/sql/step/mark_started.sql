update step set started_at = now_ms() where key in (select value from json_each(:keys)) and worker_key = :workerKey and status = 'running' and started_at is null
