update stage
   set open_steps = open_steps - :ended, failed_steps = failed_steps + :failed,
       occupied = case when max_parallel is null then 0 else greatest(0, occupied - :occupied) end
 where key = :stageKey
returning key, name, status, final, fail_fast as "failFast", recover, superseded, max_parallel as "maxParallel", open_steps as "openSteps", failed_steps as "failedSteps", after_failure as "afterFailure", output
