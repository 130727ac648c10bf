-- A gate remains shut for as many steps as count towards it and are not satisfied (completed, or failed where that is allowed).
with counted as (
  select s.gate_key, count(*) as total, sum(case when (s.status = 'completed' or (s.status = 'failed' and coalesce(o.allow_failure, false))) then 0 else 1 end) as remaining
    from step s left join step_option o on o.step_key = s.key
   where s.gate_key is not null
   group by s.gate_key
)
select t.run_id::text as "runId", 'gate' as noun, t.name || ', gate ' || g.key as id,
       'total ' || coalesce(c.total, 0) || ', remaining ' || coalesce(c.remaining, 0) as expected,
       'total ' || g.total || ', remaining ' || g.remaining as found
  from gate g join stage t on t.key = g.stage_key join run r on r.id = t.run_id and r.created_at >= 0 left join counted c on c.gate_key = g.key
 where g.total <> coalesce(c.total, 0) or g.remaining <> coalesce(c.remaining, 0)
 limit :limit
