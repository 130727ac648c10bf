select key from step where run_id = :runId and kind = 'flow' order by key
