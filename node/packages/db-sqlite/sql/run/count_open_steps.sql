select count(*) as count from step where run_id = :runId and superseded = 0 and status = 'pending'
