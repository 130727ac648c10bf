-- plan: each time. All runs with the rarest value of the metadata, sorted: where run_reach_… says that few of them are left. Runs without that time come last in either
-- direction (:sign is 1 or -1).
select m.run_id as id, t."sortValue"
from run_metadata m
join run r on r.id = m.run_id
cross join lateral (
  select coalesce(:sign::int * case :sortBy::text when 'startedAt' then r.started_at else r.completed_at end, 9007199254740991) as "sortValue"
) t
where
  m.name = :metadataName and m.value = :metadataValue
  and (:flowName::text is null or m.flow_name = :flowName::text)
  and (:createdAfter::bigint is null or m.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or m.created_at < :createdBefore::bigint)
  and (:status::text[] is null or r.status = any(:status::text[]))
  and (:afterValue::bigint is null or (t."sortValue", m.run_id) > (:afterValue::bigint, :afterId::uuid))
  and (:otherNames::text[] is null
       or (select count(*) from run_metadata x
            where x.run_id = m.run_id and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
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
order by t."sortValue", m.run_id
limit :limit::bigint offset :offset::bigint
