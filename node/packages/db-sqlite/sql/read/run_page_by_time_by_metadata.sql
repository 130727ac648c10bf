-- All runs with the rarest value of the metadata, sorted: where run_reach_… says that few of them are left. Runs without that time come last in either direction (:sign is 1 or -1).
select m.run_id as id, coalesce(:sign * case :sortBy when 'startedAt' then r.started_at else r.completed_at end, 9007199254740991) as "sortValue"
from run_metadata m
cross join run r
where
  m.name = :metadataName and m.value = :metadataValue and r.id = m.run_id
  and (:flowName is null or m.flow_name = :flowName)
  and m.created_at > coalesce(:createdAfter, -1) and m.created_at < coalesce(:createdBefore, 9007199254740991)
  and (:status is null or r.status in (select value from json_each(:status)))
  and (:afterValue is null or ("sortValue", m.run_id) > (:afterValue, :afterId))
  and (:otherNames is null or not exists (
    select 1 from json_each(:otherNames) n
    where not exists (
      select 1 from run_metadata x where x.run_id = m.run_id and x.name = n.value and x.value = :otherValues ->> n.key)))
  and (:metadata is null or exists (
    select 1 from run_detail d
    where d.run_id = m.run_id and not exists (
      select 1 from json_each(:metadata) f
      where not exists (
        select 1 from json_each(d.metadata) e
        where e.key = f.key and f.value = case
          when e.type in ('true', 'false', 'null') then e.type
          when e.type = 'real' then d.metadata -> e.fullkey
          else cast(e.value as text) end))))
order by "sortValue", m.run_id
limit :limit offset :offset
