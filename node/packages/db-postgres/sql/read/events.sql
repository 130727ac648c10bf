-- A run without its row in run_detail is being removed: nothing of it is seen.
select no, at, body from event where run_id = :runId::uuid and no >= :fromNo and exists (select 1 from run_detail d where d.run_id = :runId::uuid) order by no limit :limit
