-- A completed run has no stage that failed and was not handled or that was aborted, and no flow call that failed or was aborted.
with bad as (
  select run_id, 'stage' as noun, name as id, status from stage where superseded = 0 and not handled and status in ('failed', 'aborted')
  union all
  select run_id, 'flow', id, status from step where kind = 'flow' and superseded = 0 and status in ('failed', 'aborted')
)
select r.id as "runId", b.noun, b.id, 'run failed' as expected, 'run completed, ' || b.noun || ' ' || b.id || ' ' || b.status as found
  from run r join bad b on b.run_id = r.id
 where r.status = 'completed'
 limit :limit
