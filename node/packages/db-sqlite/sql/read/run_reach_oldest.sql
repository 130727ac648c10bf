-- How far a page that is sorted by start or end reaches at the most: among runs that were made about there are as many as it has, and what comes after the last of them is
-- not on it. Null if these are too few. 100 more are looked at for those that have no such time, or were made before the page's beginning and started after it.
select case when count(*) = :limit + :offset then max(sort_value) end as "reach"
from (
  select :sign * case :sortBy when 'startedAt' then p.started_at else p.completed_at end as sort_value
  from json_each(coalesce(:status, '["pending","running","paused","completed","failed","aborted"]')) s
  cross join run p
  where p.id in (
    select * from (
      select r.id
      from run r
      where :flowName is null and r.status = s.value
        and r.created_at > max(coalesce(:createdAfter, -1), coalesce(:afterValue, 0) - 1)
        and r.created_at < coalesce(:createdBefore, 9007199254740991)
        and (:metadataName is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue)
        and (:otherNames is null or not exists (
          select 1 from json_each(:otherNames) n
          where not exists (
            select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
      order by r.created_at asc, r.id asc
      limit :limit + :offset + 100)
    union all
    select * from (
      select r.id
      from run r
      where r.flow_name = :flowName and r.status = s.value
        and r.created_at > max(coalesce(:createdAfter, -1), coalesce(:afterValue, 0) - 1)
        and r.created_at < coalesce(:createdBefore, 9007199254740991)
        and (:metadataName is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue)
        and (:otherNames is null or not exists (
          select 1 from json_each(:otherNames) n
          where not exists (
            select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
      order by r.created_at asc, r.id asc
      limit :limit + :offset + 100))
    and sort_value is not null and (:afterValue is null or (sort_value, p.id) > (:afterValue, :afterId))
  order by p.created_at asc, p.id asc
  limit :limit + :offset)
