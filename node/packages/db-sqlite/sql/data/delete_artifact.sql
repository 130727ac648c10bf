delete from artifact where run_id = :runId and name = :name
