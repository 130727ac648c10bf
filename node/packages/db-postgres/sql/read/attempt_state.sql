select run_id as "runId", kind, status, attempt from step where key = :key
