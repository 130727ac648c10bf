delete from event where run_id = :runId::uuid
