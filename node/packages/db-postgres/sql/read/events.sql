select no, at, body from event where run_id = :runId::uuid and no >= :fromNo order by no limit :limit
