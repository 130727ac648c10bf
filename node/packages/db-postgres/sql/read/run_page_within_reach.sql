-- plan: each time. Runs that fit and do not lie beyond :reach, found by run_times, are read and sorted (:sign is 1 or -1):
-- 1 to 2 ms among 1,000,000.
select r.id, r."sortValue"
from (
  select *, :sign::int * case :sortBy::text when 'startedAt' then started_at else completed_at end as "sortValue"
  from run
  where created_at >= 0
    and case when :ascending::boolean
          then case :sortBy::text when 'startedAt' then started_at else completed_at end between coalesce(:afterValue::bigint, 0) and :reach::bigint
          else case :sortBy::text when 'startedAt' then started_at else completed_at end between -:reach::bigint and coalesce(-:afterValue::bigint, 9007199254740991)
        end
) r
where
  (:flowName::text is null or r.flow_name = :flowName::text)
  and (:status::text[] is null or r.status = any(:status::text[]))
  and (:createdAfter::bigint is null or r.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or r.created_at < :createdBefore::bigint)
  and (:metadataName::text is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName::text) = :metadataValue::text)
  and (:otherNames::text[] is null
       or (select count(*) from run_metadata x
            where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
          ) = cardinality(:otherNames::text[]))
  and (:afterValue::bigint is null or (r."sortValue", r.id) > (:afterValue::bigint, :afterId::uuid))
order by r."sortValue", r.id
limit :limit offset :offset
