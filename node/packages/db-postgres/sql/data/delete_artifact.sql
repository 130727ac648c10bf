delete from artifact where run_id = :runId::uuid and name = :name
