-- In key order: two that post fields for each other's steps must not wait for each other.
select key, run_id as "runId", status, attempt
from step
where key = any(:keys::bigint[])
order by key
for no key update
