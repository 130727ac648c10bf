insert into stage (run_id, name, status, final, fail_fast, recover, max_parallel, after_failure, scheduled_by, total_steps, open_steps, body_hash, output, created_at)
values (:runId::uuid, :name, 'pending', :final, :failFast, :recover, :maxParallel, :afterFailure, :scheduledBy::bigint, :steps, :steps, :bodyHash, :output, now_ms())
returning key, name, status, final, fail_fast as "failFast", recover, superseded, max_parallel as "maxParallel", open_steps as "openSteps", failed_steps as "failedSteps", after_failure as "afterFailure", output
