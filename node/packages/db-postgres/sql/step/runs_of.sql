select key, run_id as "runId" from step where key = any(:keys::bigint[]) and worker_key = :workerKey
