delete from step_edge where from_key in (select key from step where run_id = :runId)
