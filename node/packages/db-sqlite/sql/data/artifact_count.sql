-- Counts no further than :bound.
select count(*) as "count" from (select 1 from artifact where run_id = :runId limit :bound)
