select key, lease_ms as "leaseMs" from worker
 where boot_id = :bootId and pid = :pid and pid_started_at = :pidStartedAt and status in ('live', 'draining')
 order by key desc
