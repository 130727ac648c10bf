select key, body_hash as "bodyHash" from stage where run_id = :runId::uuid and name = :name and superseded = 0
