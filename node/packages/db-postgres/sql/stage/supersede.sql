update stage set superseded = :retry where run_id = :runId::uuid and after_failure and superseded = 0
