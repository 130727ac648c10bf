-- Counts no further than :bound.
select count(*)::int as "count" from (select 1 from artifact where run_id = :runId::uuid limit :bound) counted
