update step
   set status = 'pending', worker_key = null, claimed_at = null, started_at = null, due_at = now_ms() + :delayMs,
       failures = failures + :failures, losses = losses + :losses
 where key = :key and attempt = :attempt and status = 'running'
