select no, at, body from event where run_id = :runId and no >= :fromNo order by no limit :limit
