-- A run without its row in run_detail is being removed: nothing of it is seen.
select
  no as "id", level, message, entity_type as "entityType", entity_id as "entityId", metadata, created_at as "createdAt"
from run_log
where run_id = :runId::uuid and exists (select 1 from run_detail d where d.run_id = :runId::uuid)
  and (:level::text is null or level = :level::text)
  and (:entityType::text is null or entity_type = :entityType::text)
  and (:entityId::text is null or entity_id = :entityId::text)
  and (:beforeNo::bigint is null or no < :beforeNo::bigint)
order by no desc
limit :limit offset :offset
