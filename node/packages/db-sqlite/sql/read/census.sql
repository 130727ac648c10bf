-- How much there is of everything that is not over, and how many runs are; each counted no further than :bound.
select 'run' as "what", s.value as "state",
       (select count(*) from (select 1 from run r where r.status = s.value limit :bound)) as "count"
  from json_each('["pending", "running", "paused", "completed", "failed", "aborted"]') s
union all
select k.value, 'waiting', (select count(*) from (select 1 from step s where s.kind = k.value and s.claim_no is not null limit :bound))
  from json_each('["step", "flow"]') k
union all
select x.kind, 'delayed', count(*)
  from (select s.kind from step s where s.due_at is not null limit :bound) x
 group by x.kind
union all
select x.kind, x.state, count(*)
  from (select s.kind, case when s.started_at is null then 'claimed' else 'running' end as state
          from step s where s.worker_key is not null limit :bound) x
 group by x.kind, x.state
union all
select 'worker', w.status, count(*)
  from worker w
 where w.status in ('live', 'draining')
    or (w.status = 'lost' and not exists (select 1 from worker n where n.id = w.id and n.key > w.key))
 group by w.status
