select key, kind, priority from step
 where run_id = :runId and kind = 'flow' and superseded = 0 and status = 'pending'
 order by key limit 1
