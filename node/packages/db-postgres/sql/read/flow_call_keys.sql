select key from step where run_id = :runId::uuid and kind = 'flow' order by key
