select key, max_parallel as "maxParallel" from stage where run_id = :runId and superseded = 0 and status in ('pending', 'running') order by key
