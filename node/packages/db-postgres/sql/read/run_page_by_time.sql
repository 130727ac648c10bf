-- plan: each time. All runs that fit are read and sorted (1,000,000 runs: 330 ms). Runs without that time come last in either direction (:sign is 1 or -1).
select r.id, r."sortValue"
from (
  select *, coalesce(:sign::int * case :sortBy::text when 'startedAt' then started_at else completed_at end, 9007199254740991) as "sortValue"
  from run
  where created_at >= 0
) r
where
  (:flowName::text is null or r.flow_name = :flowName::text)
  and (:status::text[] is null or r.status = any(:status::text[]))
  and (:createdAfter::bigint is null or r.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or r.created_at < :createdBefore::bigint)
  and (:parentRunId::uuid is null or exists (
    select 1 from run_detail p where p.run_id = r.id and p.parent_run_id = :parentRunId::uuid))
  and (:metadataName::text is null or (select x.value from run_metadata x where x.run_id = r.id and x.name = :metadataName::text) = :metadataValue::text)
  and (:otherNames::text[] is null
       or (select count(*) from run_metadata x
            where x.run_id = r.id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
          ) = cardinality(:otherNames::text[]))
  and (:metadata::text is null or exists (
    -- The type json refuses to be read where a string holds an escaped NUL or half of a surrogate pair.
    select 1 from (
      select regexp_replace(m.metadata, '\\u(0000|d[89a-f][0-9a-f]{2})', '\\ufffd', 'g')::json as metadata
      from run_detail m where m.run_id = r.id offset 0
    ) m
    where not exists (
      select 1 from json_each_text(:metadata::json) f
      where coalesce(m.metadata ->> f.key, (m.metadata -> f.key)::text) is distinct from f.value)))
  and (:afterValue::bigint is null or (r."sortValue", r.id) > (:afterValue::bigint, :afterId::uuid))
order by r."sortValue", r.id
limit :limit offset :offset
