-- Counts no further than :bound.
select count(*) as "count"
from (
select 1
from run_detail p
cross join run r on r.id = p.run_id
where
  p.parent_run_id = :parentRunId
  and (:flowName is null or r.flow_name = :flowName)
  and (:status is null or r.status in (select value from json_each(:status)))
  and (:createdAfter is null or r.created_at > :createdAfter)
  and (:createdBefore is null or r.created_at < :createdBefore)
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
