update step set started_at = now_ms() where key = any(:keys::bigint[]) and worker_key = :workerKey and status = 'running' and started_at is null
