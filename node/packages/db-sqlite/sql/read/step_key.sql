-- Of steps that had the same id, the one that is not history, else the latest.
select key, kind
from step
where run_id = :runId and id = :stepId
order by case superseded when 0 then 0 else 1 end, superseded desc
limit 1
