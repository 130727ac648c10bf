-- How far a page that is sorted by start or end reaches at the most: among runs that were made about there are as many as it has, and what comes after the last of them is
-- not on it. Null if these are too few. 100 more are looked at for those that have no such time, or were made before the page's beginning and started after it.
select case when count(*) = :limit::bigint + :offset::bigint then max(p.sort_value) end as "reach"
from (
  select :sign::int * p.at as sort_value
  from unnest(coalesce(:status::text[], array['pending', 'running', 'paused', 'completed', 'failed', 'aborted'])) as s(status)
  cross join lateral (
    (select r.id, r.created_at, case :sortBy::text when 'startedAt' then r.started_at else r.completed_at end as at
       from run r
      where :flowName::text is null and r.status = s.status
        and r.created_at > greatest(coalesce(:createdAfter::bigint, -1), coalesce(:afterValue::bigint, 0) - 1)
        and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
        and (:metadataName::text is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName::text) = :metadataValue::text)
        and (:otherNames::text[] is null
             or (select count(*) from run_metadata x
                  where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
                ) = cardinality(:otherNames::text[]))
      order by r.created_at asc, r.id asc
      limit :limit::bigint + :offset::bigint + 100)
    union all
    (select r.id, r.created_at, case :sortBy::text when 'startedAt' then r.started_at else r.completed_at end as at
       from run r
      where r.flow_name = :flowName::text and r.status = s.status
        and r.created_at > greatest(coalesce(:createdAfter::bigint, -1), coalesce(:afterValue::bigint, 0) - 1)
        and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
        and (:metadataName::text is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName::text) = :metadataValue::text)
        and (:otherNames::text[] is null
             or (select count(*) from run_metadata x
                  where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
                ) = cardinality(:otherNames::text[]))
      order by r.created_at asc, r.id asc
      limit :limit::bigint + :offset::bigint + 100)
  ) p
  where p.at is not null and (:afterValue::bigint is null or (:sign::int * p.at, p.id) > (:afterValue::bigint, :afterId::uuid))
  order by p.created_at asc, p.id asc
  limit :limit::bigint + :offset::bigint
) p
