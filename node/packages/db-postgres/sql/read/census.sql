-- How much there is of everything that is not over, and how many runs are; each counted no further than :bound.
-- Each count reads one index, whose order it asks for, or the planner might look for rows that do not exist through the whole table. Measured with 1,000,000 runs
-- and 100,000 waiting steps: docs/metrics.md.
select 'run' as "what", s.status as "state", c.count
  from unnest(array['pending', 'running', 'paused', 'completed', 'failed', 'aborted']) as s(status)
 cross join lateral (
  select count(*)::int as count from (select 1 from run r where r.status = s.status order by r.created_at, r.id limit :bound::bigint) x) c
union all
select k.kind, 'waiting', c.count
  from unnest(array['step', 'flow']) as k(kind)
 cross join lateral (
  select count(*)::int as count
    from (select 1 from step s where s.kind = k.kind and s.claim_no is not null order by s.priority desc, s.claim_no limit :bound::bigint) x) c
union all
select x.kind, 'delayed', count(*)::int
  from (select s.kind from step s where s.due_at is not null order by s.due_at limit :bound::bigint) x
 group by x.kind
union all
select x.kind, x.state, count(*)::int
  from (select s.kind, case when s.started_at is null then 'claimed' else 'running' end as state
          from step s where s.worker_key is not null order by s.worker_key limit :bound::bigint) x
 group by x.kind, x.state
union all
select 'worker', w.status, count(*)::int
  from worker w
 where w.status in ('live', 'draining')
    or (w.status = 'lost' and not exists (select 1 from worker n where n.id = w.id and n.key > w.key))
 group by w.status
