delete from run_metadata where run_id = :runId
