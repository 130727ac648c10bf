-- Counts no further than :bound.
select count(*) as "count"
from (
  select 1
  from step s
  where s.stage_key in (select key from stage where run_id = :runId and (:stage is null or name = :stage))
    and (:status is null or s.status in (select value from json_each(:status)))
    and (:name is null or s.name = :name)
  limit :bound
)
