update step set status = 'cancelled', claim_no = null, due_at = null, completed_at = now_ms(), error = :error
 where key = :key and status = 'pending'
