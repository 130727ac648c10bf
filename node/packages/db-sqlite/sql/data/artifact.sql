-- A run without its row in run_detail is being removed: nothing of it is seen.
select name, data, version, bytes, created_at as "createdAt", updated_at as "updatedAt"
from artifact
where run_id = :runId and exists (select 1 from run_detail d where d.run_id = :runId) and name = :name
