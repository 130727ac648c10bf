-- Counts no further than :bound.
select count(*)::int as "count"
from (
  select 1
  from run_log
  where run_id = :runId::uuid
    and (:level::text is null or level = :level::text)
    and (:entityType::text is null or entity_type = :entityType::text)
    and (:entityId::text is null or entity_id = :entityId::text)
  limit :bound
) counted
