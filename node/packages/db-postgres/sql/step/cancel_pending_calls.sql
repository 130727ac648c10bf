update step set status = 'cancelled', claim_no = null, due_at = null, completed_at = now_ms()
 where run_id = :runId::uuid and kind = 'flow' and superseded = 0 and status = 'pending'
returning id, attempt
