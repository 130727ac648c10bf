update step
   set status = 'pending', worker_key = null, claimed_at = null, started_at = null
 where key = any(:keys::bigint[]) and worker_key = :workerKey and status = 'running'
returning key, kind, priority, run_id as "runId"
