select count(*) as "count" from step where run_id = :runId
