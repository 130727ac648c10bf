-- Counts no further than :bound.
select count(*) as "count"
from (
select 1
from run_metadata m
cross join run r on r.id = m.run_id
where
  m.name = :metadataName and m.value = :metadataValue
  and (:flowName is null or m.flow_name = :flowName)
  and (:status is null or r.status in (select value from json_each(:status)))
  and (:createdAfter is null or r.created_at > :createdAfter)
  and (:createdBefore is null or r.created_at < :createdBefore)
  and (:others is null or not exists (
    select 1 from json_each(:others) o
    where not exists (
      select 1 from run_metadata x where x.run_id = m.run_id and x.name = o.value ->> 'name' and x.value = o.value ->> 'value')))
  and (:metadata is null or exists (
    select 1 from run_detail d
    where d.run_id = r.id and not exists (
      select 1 from json_each(:metadata) f
      where not exists (
        select 1 from json_each(d.metadata) e
        where e.key = f.key and f.value = case
          when e.type in ('true', 'false', 'null') then e.type
          when e.type = 'real' then d.metadata -> e.fullkey
          else cast(e.value as text) end))))
limit :bound
)
