delete from run_detail where run_id = :runId::uuid
