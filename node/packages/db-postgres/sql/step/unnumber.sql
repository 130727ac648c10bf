update step set claim_no = null
 where key in (select key from step where run_id = :runId::uuid and claim_no is not null
                limit :limit)
