-- Steps after a key, as many as hold :bytes of JSON, and the first in any case; `last` is the last that could follow. Of each step, 200 bytes are no fields.
-- A run without its row in run_detail is being removed: nothing of it is seen.
select
  s.key, s.id as "stepId", s.name as "stepName", g.name as "stageName", s.status, s.completed_at as "completedAt",
  f.name as "fieldName", f.value, p."last"
from (
  select m.key, m.bytes, sum(m.bytes) over (order by m.key) as "upTo", max(m.key) over () as "last"
  from (
    select s.key, 200 + sum(octet_length(f.name) + octet_length(f.value)) as bytes
    from stage g
    join step s on s.stage_key = g.key
    join step_field f on f.step_key = s.key
    where g.run_id = :runId and exists (select 1 from run_detail d where d.run_id = :runId) and s.key > :afterKey and s.superseded = 0 and (:fieldName is null or f.name = :fieldName)
    group by s.key
  ) m
) p
cross join step s on s.key = p.key
cross join stage g on g.key = s.stage_key
cross join step_field f on f.step_key = s.key and (:fieldName is null or f.name = :fieldName)
where p."upTo" <= :bytes or p."upTo" = p.bytes
order by s.key, f.no
