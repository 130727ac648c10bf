-- Status by status, each in the order of its index (run_status, or run_flow_status where a flow is named), then merged: whatever is filtered,
-- no more entries are read than the page has, times six.
-- (The place of a cursor is in the range of the index, too: a comparison of rows beside a range is only a filter, and half of 1,000,000 runs was read: 49 ms.)
select p.id, p.created_at as "sortValue"
from json_each(coalesce(:status, '["pending","running","paused","completed","failed","aborted"]')) s
cross join run p
where
  p.id in (
    select * from (
      select r.id
      from run r
      where :flowName is null and r.status = s.value
        and r.created_at >= max(coalesce(:createdAfter + 1, 0), coalesce(:afterValue, 0)) and r.created_at < coalesce(:createdBefore, 9007199254740991)
        and (r.created_at, r.id) > (coalesce(:afterValue, -1), coalesce(:afterId, ''))
      order by r.created_at asc, r.id asc
      limit :limit + :offset)
    union all
    select * from (
      select r.id
      from run r
      where r.flow_name = :flowName and r.status = s.value
        and r.created_at >= max(coalesce(:createdAfter + 1, 0), coalesce(:afterValue, 0)) and r.created_at < coalesce(:createdBefore, 9007199254740991)
        and (r.created_at, r.id) > (coalesce(:afterValue, -1), coalesce(:afterId, ''))
      order by r.created_at asc, r.id asc
      limit :limit + :offset))
order by p.created_at asc, p.id asc
limit :limit offset :offset
