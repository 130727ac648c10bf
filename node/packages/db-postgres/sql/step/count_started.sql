-- Processes of a run, by the small index of what workers own: claimed ahead and not started is none yet.
select count(*) as count from step where worker_key is not null and run_id = :runId::uuid and started_at is not null
