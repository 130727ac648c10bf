-- plan: each time. In the order of the index run_metadata_value, the rarest value of those that are filtered by. The other values are looked up after that.
-- The status: with :lookUp, run by run, as for states that most runs are in (hashed, all completed ones of 1,000,000 runs were read for a page: 250 ms). Without :lookUp
-- the run is joined, and the planner chooses by the values whether to hash all runs of that status first. With no status asked for it drops the join.
-- Not joined by created_at as well: the planner would take the two columns for independent, and expect one row.
select m.run_id as id, m.created_at as "sortValue"
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
  and (:afterValue::bigint is null or (m.created_at, m.run_id) < (:afterValue::bigint, :afterId::uuid))
order by m.created_at desc, m.run_id desc
limit :limit::bigint offset :offset::bigint
