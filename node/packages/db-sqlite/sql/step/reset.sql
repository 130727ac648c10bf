update step
   set status = 'pending', claim_no = null, due_at = null, failures = 0, losses = 0, claimed_at = null, started_at = null, completed_at = null,
       exit_code = null, signal = null, cpu_ms = null, max_rss_bytes = null, error = null
 where key in (select value from json_each(:keys)) and status in ('completed', 'failed', 'cancelled', 'aborted')
