delete from step_output where step_key in (select key from step where run_id = :runId::uuid)
