-- Of steps that had the same id, the one that is not history, else the latest.
-- A run without its row in run_detail is being removed: nothing of it is seen.
select key, kind
from step
where run_id = :runId and id = :stepId and exists (select 1 from run_detail d where d.run_id = :runId)
order by case superseded when 0 then 0 else 1 end, superseded desc
limit 1
