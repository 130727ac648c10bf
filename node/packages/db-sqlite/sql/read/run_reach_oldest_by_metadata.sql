-- As run_reach_oldest, where the rarest condition is a value of the metadata: in the order of the index run_metadata_value, runs and other values looked up.
select case when count(*) = :limit + :offset then max(sort_value) end as "reach"
from (
  select :sign * case :sortBy when 'startedAt' then r.started_at else r.completed_at end as sort_value
  from run_metadata m
  cross join run r
  where m.name = :metadataName and m.value = :metadataValue and r.id = m.run_id
    and (:flowName is null or m.flow_name = :flowName)
    and m.created_at > max(coalesce(:createdAfter, -1), coalesce(:afterValue, 0) - 1)
    and m.created_at < coalesce(:createdBefore, 9007199254740991)
    and (:status is null or r.status in (select value from json_each(:status)))
    and sort_value is not null and (:afterValue is null or (sort_value, m.run_id) > (:afterValue, :afterId))
    and (:otherNames is null or not exists (
      select 1 from json_each(:otherNames) n
      where not exists (
        select 1 from run_metadata x where x.run_id = m.run_id and x.name = n.value and x.value = :otherValues ->> n.key)))
  order by m.created_at asc, m.run_id asc
  limit :limit + :offset)
