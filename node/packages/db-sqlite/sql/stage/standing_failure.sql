-- The first failure of a stage that stands: not taken back, and not handled.
select key, name from stage where run_id = :runId and superseded = 0 and status = 'failed' and not handled
 order by completed_at, key limit 1
