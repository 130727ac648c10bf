-- Runs that fit and do not lie beyond :reach, found by run_started and run_completed, are read and sorted (:sign is 1 or -1).
select r.id, r."sortValue"
from (
  select t.*, :sign * case :sortBy when 'startedAt' then t.started_at else t.completed_at end as "sortValue"
  from (
    select rowid as number from run
     where :sortBy = 'startedAt'
       and started_at between case :sign when 1 then coalesce(:afterValue, 0) else -:reach end and case :sign when 1 then :reach else coalesce(-:afterValue, 9007199254740991) end
    union all
    select rowid from run
     where :sortBy = 'completedAt'
       and completed_at between case :sign when 1 then coalesce(:afterValue, 0) else -:reach end and case :sign when 1 then :reach else coalesce(-:afterValue, 9007199254740991) end
  ) w
  cross join run t
  where t.rowid = w.number
) r
where
  (:flowName is null or r.flow_name = :flowName)
  and (:status is null or r.status in (select value from json_each(:status)))
  and (:createdAfter is null or r.created_at > :createdAfter)
  and (:createdBefore is null or r.created_at < :createdBefore)
  and (:metadataName is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue)
  and (:otherNames is null or not exists (
    select 1 from json_each(:otherNames) n
    where not exists (
      select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
  and (:afterValue is null or (r."sortValue", r.id) > (:afterValue, :afterId))
order by r."sortValue", r.id
limit :limit offset :offset
