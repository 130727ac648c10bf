select
  s.key, s.id, s.run_id as "runId", s.kind, coalesce(g.name, '') as "stageName", s.name, s.sequence, s.status, s.priority,
  s.attempt, s.max_retries as "maxRetries", s.created_at as "createdAt", s.started_at as "startedAt",
  s.completed_at as "completedAt", coalesce(s.completed_at, now_ms()) - s.started_at as "durationMs",
  s.exit_code as "exitCode", s.signal, s.error, s.cpu_ms as "cpuMs", s.max_rss_bytes as "maxRssBytes",
  o.depends_on as "dependsOn", o.env, o.timeout_ms as "timeoutMs", o.retry_delay_ms as "retryDelayMs",
  o.retry_backoff as "retryBackoff", o.on_lost as "onLost", o.allow_failure as "allowFailure",
  w.id as "workerId", s.superseded
from step s
left join stage g on g.key = s.stage_key
left join step_option o on o.step_key = s.key
left join worker w on w.key = s.ran_by
where s.key in (select value from json_each(:keys))
order by s.key
