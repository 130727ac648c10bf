-- A run without its row in run_detail is being removed: nothing of it is seen.
select
  g.name, g.status, g.final, g.fail_fast as "failFast", g.recover, g.max_parallel as "maxParallel", g.superseded,
  g.created_at as "createdAt", g.started_at as "startedAt", g.completed_at as "completedAt",
  coalesce(c.pending, 0) as "pending", coalesce(c.running, 0) as "running", coalesce(c.completed, 0) as "completed",
  coalesce(c.failed, 0) as "failed", coalesce(c.cancelled, 0) as "cancelled", coalesce(c.aborted, 0) as "aborted"
from stage g
left join (
  select
    s.stage_key,
    count(*) filter (where s.status = 'pending') as pending,
    count(*) filter (where s.status = 'running') as running,
    count(*) filter (where s.status = 'completed') as completed,
    count(*) filter (where s.status = 'failed') as failed,
    count(*) filter (where s.status = 'cancelled') as cancelled,
    count(*) filter (where s.status = 'aborted') as aborted
  from step s
  where s.stage_key in (select key from stage where run_id = :runId)
  group by s.stage_key
) c on c.stage_key = g.key
where g.run_id = :runId and exists (select 1 from run_detail d where d.run_id = :runId)
order by g.key
