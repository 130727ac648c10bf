select 1 as "found" from run_detail where run_id = :runId
