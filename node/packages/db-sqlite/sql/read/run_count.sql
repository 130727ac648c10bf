-- Counts no further than :bound; from the indexes alone, status by status as the page is read.
select min(:bound, coalesce(sum(
    case when :flowName is null then (
      select count(*) from (
        select 1
        from run r
        where true and r.status = s.value
          and r.created_at > coalesce(:createdAfter, -1) and r.created_at < coalesce(:createdBefore, 9007199254740991)
        limit :bound)
    ) else (
      select count(*) from (
        select 1
        from run r
        where r.flow_name = :flowName and r.status = s.value
          and r.created_at > coalesce(:createdAfter, -1) and r.created_at < coalesce(:createdBefore, 9007199254740991)
        limit :bound)
    ) end), 0)) as "count"
from json_each(coalesce(:status, '["pending","running","paused","completed","failed","aborted"]')) s
