update flow_call set accepted = 1, refusal = null where step_key = (select key from step where key = :key and attempt = :attempt and status = 'running')
