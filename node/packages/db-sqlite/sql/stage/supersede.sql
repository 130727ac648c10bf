update stage set superseded = :retry where run_id = :runId and after_failure and superseded = 0
