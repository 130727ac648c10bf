-- Counts no further than :bound, status by status as the page is read.
select min(:bound, coalesce(sum(
    case when :flowName is null then (
      select count(*) from (
        select 1
        from run r
        where true and r.status = s.value
          and r.created_at > coalesce(:createdAfter, -1) and r.created_at < coalesce(:createdBefore, 9007199254740991)
          and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
          and (:otherNames is null or not exists (
            select 1 from json_each(:otherNames) n
            where not exists (
              select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
        limit :bound)
    ) else (
      select count(*) from (
        select 1
        from run r
        where r.flow_name = :flowName and r.status = s.value
          and r.created_at > coalesce(:createdAfter, -1) and r.created_at < coalesce(:createdBefore, 9007199254740991)
          and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
          and (:otherNames is null or not exists (
            select 1 from json_each(:otherNames) n
            where not exists (
              select 1 from run_metadata x where x.run_id = r.id and x.name = n.value and x.value = :otherValues ->> n.key)))
        limit :bound)
    ) end), 0)) as "count"
from json_each(coalesce(:status, '["pending","running","paused","completed","failed","aborted"]')) s
