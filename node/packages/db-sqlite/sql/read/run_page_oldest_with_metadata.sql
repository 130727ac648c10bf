-- Status by status as in run_page_oldest, where that is rarer than the metadata, which are looked up run by run.
select p.id, p.created_at as "sortValue"
from json_each(coalesce(:status, '["pending","running","paused","completed","failed","aborted"]')) s
cross join run p
where
  p.id in (
    select * from (
      select r.id
      from run r
      where :flowName is null and r.status = s.value
        and r.created_at >= max(coalesce(:createdAfter + 1, 0), coalesce(:afterValue, 0)) and r.created_at < coalesce(:createdBefore, 9007199254740991)
        and (r.created_at, r.id) > (coalesce(:afterValue, -1), coalesce(:afterId, ''))
        and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
        and (:otherNames is null or not exists (
          select 1 from json_each(:otherNames) n
          where not exists (
            select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
      order by r.created_at asc, r.id asc
      limit :limit + :offset)
    union all
    select * from (
      select r.id
      from run r
      where r.flow_name = :flowName and r.status = s.value
        and r.created_at >= max(coalesce(:createdAfter + 1, 0), coalesce(:afterValue, 0)) and r.created_at < coalesce(:createdBefore, 9007199254740991)
        and (r.created_at, r.id) > (coalesce(:afterValue, -1), coalesce(:afterId, ''))
        and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
        and (:otherNames is null or not exists (
          select 1 from json_each(:otherNames) n
          where not exists (
            select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
      order by r.created_at asc, r.id asc
      limit :limit + :offset))
order by p.created_at asc, p.id asc
limit :limit offset :offset
