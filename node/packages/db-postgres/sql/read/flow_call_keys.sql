-- A run without its row in run_detail is being removed: nothing of it is seen.
select key from step where run_id = :runId::uuid and kind = 'flow' and exists (select 1 from run_detail d where d.run_id = :runId::uuid) order by key
