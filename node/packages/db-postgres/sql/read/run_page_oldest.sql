-- Status by status, each in the order of its index (run_status, or run_flow_status where a flow is named), then merged: whatever is filtered,
-- no more entries are read than the page has, times six. Among 1,000,000 runs: 0.5 ms; with one scan of a (created_at) index and filters 215 for a flow and a status.
select p.id, p.created_at as "sortValue"
from unnest(coalesce(:status::text[], array['pending', 'running', 'paused', 'completed', 'failed', 'aborted'])) as s(status)
cross join lateral (
  (select r.id, r.created_at
     from run r
    where :flowName::text is null and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
      and (r.created_at, r.id) > (coalesce(:afterValue::bigint, -1), coalesce(:afterId::uuid, '00000000-0000-0000-0000-000000000000'))
    order by r.created_at asc, r.id asc
    limit :limit::bigint + :offset::bigint)
  union all
  (select r.id, r.created_at
     from run r
    where r.flow_name = :flowName::text and r.status = s.status
      and r.created_at > coalesce(:createdAfter::bigint, -1) and r.created_at < coalesce(:createdBefore::bigint, 9007199254740991)
      and (r.created_at, r.id) > (coalesce(:afterValue::bigint, -1), coalesce(:afterId::uuid, '00000000-0000-0000-0000-000000000000'))
    order by r.created_at asc, r.id asc
    limit :limit::bigint + :offset::bigint)
) p
order by p.created_at asc, p.id asc
limit :limit::bigint offset :offset::bigint
