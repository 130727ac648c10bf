-- plan: each time. Counts no further than :bound, as the page is read.
select count(*)::int as "count"
from (
select 1
from run_metadata m
left join run r on r.id = m.run_id
where
  m.name = :metadataName and m.value = :metadataValue
  and (:flowName::text is null or m.flow_name = :flowName::text)
  and (:status::text[] is null
       or case when :lookUp::boolean then (select s.status from run s where s.id = m.run_id) else r.status end = any(:status::text[]))
  and (:createdAfter::bigint is null or m.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or m.created_at < :createdBefore::bigint)
  and (:otherNames::text[] is null
       or (select count(*) from run_metadata x
            where x.run_id = case when :status::text[] is null or :lookUp::boolean then m.run_id else least(m.run_id, r.id) end and x.name = any(:otherNames::text[]) and x.value = (:otherValues::text[])[array_position(:otherNames::text[], x.name)]
          ) = cardinality(:otherNames::text[]))
  and (:metadata::text is null or exists (
    -- The type json refuses to be read where a string holds an escaped NUL or half of a surrogate pair.
    select 1 from (
      select regexp_replace(d.metadata, '\\u(0000|d[89a-f][0-9a-f]{2})', '\\ufffd', 'g')::json as metadata
      from run_detail d where d.run_id = m.run_id offset 0
    ) d
    where not exists (
      select 1 from json_each_text(:metadata::json) f
      where coalesce(d.metadata ->> f.key, (d.metadata -> f.key)::text) is distinct from f.value)))
limit :bound::bigint
) counted
