-- A final stage that has not failed.
select key from stage where run_id = :runId and superseded = 0 and final and status <> 'failed' limit 1
