update flow_call set refusal = :refusal where step_key = (select key from step where key = :key and attempt = :attempt and status = 'running')
