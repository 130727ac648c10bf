update step set superseded = :retry
 where run_id = :runId and superseded = 0
   and stage_key in (select key from stage where run_id = :runId and after_failure and superseded = 0)
