select key, name, status, final, fail_fast as "failFast", recover, superseded, max_parallel as "maxParallel", open_steps as "openSteps", failed_steps as "failedSteps", after_failure as "afterFailure", output
  from stage
 where run_id = :runId and superseded = 0 and status in ('pending', 'running') and open_steps = 0
 order by key
