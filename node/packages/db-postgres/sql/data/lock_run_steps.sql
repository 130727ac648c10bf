-- Waits for those who write to a step (they lock it), so that nothing of theirs is left behind.
select count(*)::int as "count"
from (select 1 from step where run_id = :runId::uuid order by key for update) locked
