select key as "workerKey", id, host, boot_id as "bootId", pid, pid_started_at as "pidStartedAt", mark, renewals, lease_ms as "leaseMs"
  from worker where status in ('live', 'draining') and key <> :except order by key
