select
  a.attempt, a.status, w.id as "workerId", a.started_at as "startedAt", a.completed_at as "completedAt",
  a.exit_code as "exitCode", a.signal, a.reason, a.error, a.cpu_ms as "cpuMs", a.max_rss_bytes as "maxRssBytes"
from attempt a
left join worker w on w.key = a.worker_key
where a.step_key = :stepKey
order by a.attempt
