update step set status = 'cancelled', claim_no = null, due_at = null, completed_at = now_ms(), error = :error
 where key in (select key from step where run_id = :runId and superseded = 0 and status = 'pending'
                limit :limit)
returning id, kind, attempt
