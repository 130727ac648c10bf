-- For how long what is first in the queue has been waiting, by kind, in ms: of each of the 20 highest priorities the first 20, because numbers are given
-- to runs in turn, so what waits longest is among the first of its priority, but is not always the first.
with recursive place(kind, priority, depth) as (
  select k.kind, (select s.priority from step s where s.kind = k.kind and s.claim_no is not null order by s.priority desc limit 1), 1
    from unnest(array['step', 'flow']) as k(kind)
  union all
  select p.kind, (select s.priority from step s where s.kind = p.kind and s.claim_no is not null and s.priority < p.priority order by s.priority desc limit 1), p.depth + 1
    from place p
   where p.priority is not null and p.depth < 20)
select p.kind, greatest(0, now_ms() - min(f.ready_at)) as "ageMs"
  from place p
 cross join lateral (
  select coalesce(s.ready_at, s.created_at) as ready_at
    from step s
   where s.kind = p.kind and s.claim_no is not null and s.priority = p.priority
   order by s.claim_no
   limit 20) f
 group by p.kind
