select key, body_hash as "bodyHash", after_failure as "afterFailure" from stage where run_id = :runId::uuid and name = :name and superseded = 0
