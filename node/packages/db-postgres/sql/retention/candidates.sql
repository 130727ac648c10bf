-- Finished runs of a flow that are to go, oldest first from a place on, with about how many rows hang on each, as retention/weight counts them. "held": the run that started it, or one that it started, is not over.
select r.id, r.created_at as "createdAt",
  exists (select 1 from run_detail d join run p on p.id = d.parent_run_id where d.run_id = r.id and p.status in ('pending', 'running', 'paused'))
    or exists (select 1 from run_detail d join run c on c.id = d.run_id where d.parent_run_id = r.id and c.status in ('pending', 'running', 'paused')) as "held",
  g.steps::int as "steps",
  (5 + 3 * r.calls + r.event_no + 4 * g.steps
    + (select count(*) from (select 1 from run_log l where l.run_id = r.id limit 10000) l)
    + (select coalesce(sum(1 + a.bytes / 2000), 0) from artifact a where a.run_id = r.id))::bigint as "rows"
from (
  select c.*
  from unnest(array['completed', 'failed', 'aborted']) as s(status)
  cross join lateral (
    select r.id, r.created_at, r.calls, r.event_no
      from run r
     where r.flow_name = :flowName and r.status = s.status and r.active = 0
       and (r.created_at, r.id) > (:afterAt::bigint, :afterId::uuid)
       and r.created_at <= greatest(:completedBefore::bigint, :upToAt::bigint)
       and (r.completed_at < :completedBefore::bigint or (r.created_at, r.id) <= (:upToAt::bigint, :upToId::uuid))
     order by r.created_at, r.id
     limit :limit) c
  order by c.created_at, c.id
  limit :limit
) r
cross join lateral (select coalesce(sum(t.total_steps), 0) as steps from stage t where t.run_id = r.id) g
order by r.created_at, r.id
