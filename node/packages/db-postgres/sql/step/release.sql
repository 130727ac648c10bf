update step
   set status = 'pending', worker_key = null, claimed_at = null, started_at = null, attempt = attempt - 1
 where key = any(:keys::bigint[]) and worker_key = :workerKey and status = 'running'
returning key, id, kind, priority, attempt, run_id as "runId", stage_key as "stageKey",
          coalesce((select stage.fail_fast and stage.failed_steps > 0 from stage where stage.key = stage_key), false) as failing
