update run_detail set termination_reason = :terminationReason where run_id = :runId::uuid
