update step set superseded = :retry
 where run_id = :runId::uuid and superseded = 0
   and stage_key in (select key from stage where run_id = :runId::uuid and after_failure and superseded = 0)
