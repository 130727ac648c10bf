delete from artifact where (run_id, name) in (select run_id, name from artifact where run_id = :runId limit :limit)
