-- Counts no further than :bound, status by status as the page is read.
select count(*)::int as "count"
from (
  select 1
  from unnest(coalesce(:status::text[], array['pending', 'running', 'paused', 'completed', 'failed', 'aborted'])) as s(status)
  cross join lateral (
  (select 1
     from run r
    where :flowName::text is null and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
      and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
      and (:otherNames::text[] is null
           or (select count(*) from run_metadata x
                where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
              ) = cardinality(:otherNames::text[]))
    limit :bound::bigint)
  union all
  (select 1
     from run r
    where r.flow_name = :flowName::text and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
      and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
      and (:otherNames::text[] is null
           or (select count(*) from run_metadata x
                where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
              ) = cardinality(:otherNames::text[]))
    limit :bound::bigint)
  ) p
  limit :bound::bigint
) counted
