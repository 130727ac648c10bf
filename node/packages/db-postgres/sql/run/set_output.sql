update run_detail set output = :output where run_id = :runId::uuid
