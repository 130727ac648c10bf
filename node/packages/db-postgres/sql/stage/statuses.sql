select name, status from stage where run_id = :runId::uuid and superseded = 0 order by key
