-- Finished runs of a flow that are to go, oldest first from a place on, with about how many rows hang on each, as retention/weight counts them. "held": the run that started it, or one that it started, is not over.
select r.id, r.created_at as "createdAt",
  exists (select 1 from run_detail d join run p on p.id = d.parent_run_id where d.run_id = r.id and p.status in ('pending', 'running', 'paused'))
    or exists (select 1 from run_detail d join run c on c.id = d.run_id where d.parent_run_id = r.id and c.status in ('pending', 'running', 'paused')) as "held",
  (select coalesce(sum(t.total_steps), 0) from stage t where t.run_id = r.id) as "steps",
  5 + 3 * r.calls + (select coalesce(max(e.no), 0) from event e where e.run_id = r.id) + 4 * (select coalesce(sum(t.total_steps), 0) from stage t where t.run_id = r.id)
    + (select count(*) from (select 1 from run_log l where l.run_id = r.id limit 10000))
    + (select coalesce(sum(1 + a.bytes / 2000), 0) from artifact a where a.run_id = r.id) as "rows"
from (
  select * from (
    select id, created_at, calls from run
     where flow_name = :flowName and status = 'completed' and active = 0
       and (created_at, id) > (:afterAt, :afterId)
       and created_at <= max(:completedBefore, :upToAt)
       and (completed_at < :completedBefore or (created_at, id) <= (:upToAt, :upToId))
     order by created_at, id
     limit :limit)
  union all
  select * from (
    select id, created_at, calls from run
     where flow_name = :flowName and status = 'failed' and active = 0
       and (created_at, id) > (:afterAt, :afterId)
       and created_at <= max(:completedBefore, :upToAt)
       and (completed_at < :completedBefore or (created_at, id) <= (:upToAt, :upToId))
     order by created_at, id
     limit :limit)
  union all
  select * from (
    select id, created_at, calls from run
     where flow_name = :flowName and status = 'aborted' and active = 0
       and (created_at, id) > (:afterAt, :afterId)
       and created_at <= max(:completedBefore, :upToAt)
       and (completed_at < :completedBefore or (created_at, id) <= (:upToAt, :upToId))
     order by created_at, id
     limit :limit)
) r
order by r.created_at, r.id
limit :limit
