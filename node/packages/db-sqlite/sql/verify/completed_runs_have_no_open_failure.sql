-- A completed run has no stage that failed and was not handled or that was aborted, and no flow call that was aborted or failed;
-- but for one that was told of a failure: that was taken back, or the run would have failed.
with bad as (
  select run_id, 'stage' as noun, name as id, status from stage where superseded = 0 and not handled and status in ('failed', 'aborted')
  union all
  select s.run_id, 'flow', s.id, s.status from step s join flow_call c on c.step_key = s.key
   where s.kind = 'flow' and s.superseded = 0 and (s.status = 'aborted' or s.status = 'failed' and c.failed_stage = '')
)
select r.id as "runId", b.noun, b.id, 'run failed' as expected, 'run completed, ' || b.noun || ' ' || b.id || ' ' || b.status as found
  from run r join bad b on b.run_id = r.id
 where r.status = 'completed'
 limit :limit
