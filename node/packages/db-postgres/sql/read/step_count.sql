-- Counts no further than :bound.
select count(*)::int as "count"
from (
  select 1
  from step s
  where s.stage_key in (select key from stage where run_id = :runId::uuid and (:stage::text is null or name = :stage::text))
    and (:status::text[] is null or s.status = any(:status::text[]))
    and (:name::text is null or s.name = :name::text)
  limit :bound
) counted
