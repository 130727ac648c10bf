-- Runs that fit, for an estimate; from the indexes alone.
select 1
from json_each(coalesce(:status, '["pending","running","paused","completed","failed","aborted"]')) s
cross join run r on :flowName is null and r.status = s.value and r.created_at > coalesce(:createdAfter, -1) and r.created_at < coalesce(:createdBefore, 9007199254740991)
union all
select 1
from json_each(coalesce(:status, '["pending","running","paused","completed","failed","aborted"]')) s
cross join run r on r.flow_name = :flowName and r.status = s.value and r.created_at > coalesce(:createdAfter, -1) and r.created_at < coalesce(:createdBefore, 9007199254740991)
