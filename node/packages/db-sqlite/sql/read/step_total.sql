-- Without a filter on the steps themselves there is nothing to count: 0.1 ms in place of 27 for 100,000 steps.
select coalesce(sum(total_steps), 0) as "count"
from stage
where run_id = :runId and (:stage is null or name = :stage)
