select id from step where run_id = :runId::uuid and id = any(:ids::text[]) and superseded = 0 and status = 'completed'
