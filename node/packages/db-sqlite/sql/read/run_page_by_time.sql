-- No index: every run that fits is read and sorted. Runs without that time come last in either direction (:sign is 1 or -1).
select r.id, r."sortValue"
from (
  select *, coalesce(:sign * case :sortBy when 'startedAt' then started_at else completed_at end, 9007199254740991) as "sortValue"
  from run where created_at >= 0
) r
where
  (:flowName is null or r.flow_name = :flowName)
  and (:status is null or r.status in (select value from json_each(:status)))
  and (:createdAfter is null or r.created_at > :createdAfter)
  and (:createdBefore is null or r.created_at < :createdBefore)
  and (:parentRunId is null or exists (
    select 1 from run_detail p where p.run_id = r.id and p.parent_run_id = :parentRunId))
  and (:metadataName is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue)
  and (:otherNames is null or not exists (
    select 1 from json_each(:otherNames) n
    where not exists (
      select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
  and (:metadata is null or exists (
    select 1 from run_detail d
    where d.run_id = r.id and not exists (
      select 1 from json_each(:metadata) f
      where not exists (
        select 1 from json_each(d.metadata) m
        where m.key = f.key and f.value = case
          when m.type in ('true', 'false', 'null') then m.type
          when m.type = 'real' then d.metadata -> m.fullkey
          else cast(m.value as text) end))))
  and (:afterValue is null or (r."sortValue", r.id) > (:afterValue, :afterId))
order by r."sortValue", r.id
limit :limit offset :offset
