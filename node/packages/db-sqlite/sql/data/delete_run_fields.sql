delete from step_field where step_key in (select key from step where run_id = :runId)
