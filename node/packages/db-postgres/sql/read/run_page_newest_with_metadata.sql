-- Status by status as in run_page_newest, where that is rarer than the metadata, which are looked up run by run. A subquery that answers a value cannot be turned
-- around: as a join or with exists the planner began with the metadata (failed runs, half of 1,000,000 with the value: 122 ms for the count, this way 4).
select p.id, p.created_at as "sortValue"
from unnest(coalesce(:status::text[], array['pending', 'running', 'paused', 'completed', 'failed', 'aborted'])) as s(status)
cross join lateral (
  (select r.id, r.created_at
     from run r
    where :flowName::text is null and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
      and (r.created_at, r.id) < (coalesce(:afterValue::bigint, 9007199254740991), coalesce(:afterId::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
      and (:otherNames::text[] is null
           or (select count(*) from run_metadata x
                where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
              ) = cardinality(:otherNames::text[]))
    order by r.created_at desc, r.id desc
    limit :limit::bigint + :offset::bigint)
  union all
  (select r.id, r.created_at
     from run r
    where r.flow_name = :flowName::text and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
      and (r.created_at, r.id) < (coalesce(:afterValue::bigint, 9007199254740991), coalesce(:afterId::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
      and (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName) = :metadataValue
      and (:otherNames::text[] is null
           or (select count(*) from run_metadata x
                where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
              ) = cardinality(:otherNames::text[]))
    order by r.created_at desc, r.id desc
    limit :limit::bigint + :offset::bigint)
) p
order by p.created_at desc, p.id desc
limit :limit::bigint offset :offset::bigint
