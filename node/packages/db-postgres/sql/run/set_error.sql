update run_detail set error = :error where run_id = :runId::uuid
