-- Counts no further than :bound; from the indexes alone, status by status as the page is read.
select count(*)::int as "count"
from (
  select 1
  from unnest(coalesce(:status::text[], array['pending', 'running', 'paused', 'completed', 'failed', 'aborted'])) as s(status)
  cross join lateral (
  (select 1
     from run r
    where :flowName::text is null and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
    limit :bound::bigint)
  union all
  (select 1
     from run r
    where r.flow_name = :flowName::text and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
    limit :bound::bigint)
  ) p
  limit :bound::bigint
) counted
