-- plan: each time. As run_reach_newest, where the rarest condition is a value of the metadata: in the order of the index run_metadata_value, runs and other values looked up.
select case when count(*) = :limit::bigint + :offset::bigint then max(p.sort_value) end as "reach"
from (
  select :sign::int * r.at as sort_value
  from run_metadata m
  cross join lateral (
    -- Not turned around: however many fit, these are few.
    select r.status, case :sortBy::text when 'startedAt' then r.started_at else r.completed_at end as at from run r where r.id = m.run_id offset 0
  ) r
  where m.name = :metadataName and m.value = :metadataValue
      and (:flowName::text is null or m.flow_name = :flowName::text)
      and m.created_at > coalesce(:createdAfter::bigint, -1)
      and m.created_at < least(coalesce(:createdBefore::bigint, 9007199254740991), coalesce(1 - :afterValue::bigint, 9007199254740991))
      and (:status::text[] is null or r.status = any(:status::text[]))
      and r.at is not null and (:afterValue::bigint is null or (:sign::int * r.at, m.run_id) > (:afterValue::bigint, :afterId::uuid))
      and (:otherNames::text[] is null
           or (select count(*) from run_metadata x
                where x.run_id = m.run_id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
              ) = cardinality(:otherNames::text[]))
  order by m.created_at desc, m.run_id desc
  limit :limit::bigint + :offset::bigint
) p
