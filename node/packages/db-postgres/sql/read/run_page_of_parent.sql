-- A run's children are few: all are read and sorted.
select c.id, c."sortValue"
from (
select r.id, r.created_at as "sortValue"
from run_detail p
join run r on r.id = p.run_id
where
  p.parent_run_id = :parentRunId::uuid
  and (:flowName::text is null or r.flow_name = :flowName::text)
  and (:status::text[] is null or r.status = any(:status::text[]))
  and (:createdAfter::bigint is null or r.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or r.created_at < :createdBefore::bigint)
  and (:metadata::text is null or exists (
    -- The type json refuses to be read where a string holds an escaped NUL or half of a surrogate pair.
    select 1 from (
      select regexp_replace(d.metadata, '\\u(0000|d[89a-f][0-9a-f]{2})', '\\ufffd', 'g')::json as metadata
      from run_detail d where d.run_id = r.id offset 0
    ) d
    where not exists (
      select 1 from json_each_text(:metadata::json) f
      where coalesce(d.metadata ->> f.key, (d.metadata -> f.key)::text) is distinct from f.value)))
) c
where
  :afterValue::bigint is null
  or case when :ascending::boolean then (c."sortValue", c.id) > (:afterValue::bigint, :afterId::uuid) else (c."sortValue", c.id) < (:afterValue::bigint, :afterId::uuid) end
order by
  case when :ascending::boolean then c."sortValue" end, case when :ascending::boolean then c.id end,
  c."sortValue" desc, c.id desc
limit :limit::bigint offset :offset::bigint
