-- Locked, so that an exchange of the dead process that is still under way has claimed before its tasks are handed on, or claims nothing.
select key, lease_ms as "leaseMs" from worker
 where boot_id = :bootId and pid = :pid and pid_started_at = :pidStartedAt and status in ('live', 'draining')
 order by key desc for update
