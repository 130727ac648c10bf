-- Counts no further than :bound.
select count(*) as "count"
from (
  select 1
  from run_log
  where run_id = :runId
    and (:level is null or level = :level)
    and (:entityType is null or entity_type = :entityType)
    and (:entityId is null or entity_id = :entityId)
  limit :bound
)
