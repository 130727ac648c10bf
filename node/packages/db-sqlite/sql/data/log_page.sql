-- A run without its row in run_detail is being removed: nothing of it is seen.
select
  no as "id", level, message, entity_type as "entityType", entity_id as "entityId", metadata, created_at as "createdAt"
from run_log
where run_id = :runId and exists (select 1 from run_detail d where d.run_id = :runId)
  and (:level is null or level = :level)
  and (:entityType is null or entity_type = :entityType)
  and (:entityId is null or entity_id = :entityId)
  and (:beforeNo is null or no < :beforeNo)
order by no desc
limit :limit offset :offset
