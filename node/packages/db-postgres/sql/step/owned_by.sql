select s.key, s.id, s.kind, s.stage_key as "stageKey", s.gate_key as "gateKey", s.priority, s.attempt, s.failures, s.losses,
       s.max_retries as "maxRetries", coalesce(o.retry_delay_ms, 0) as "retryDelayMs", coalesce(o.retry_backoff, 'fixed') as "retryBackoff",
       coalesce(o.on_lost, 'retry') as "onLost", coalesce(o.allow_failure, false) as "allowFailure", s.started_at as "startedAt"
  from step s left join step_option o on o.step_key = s.key
 where s.key = any(:keys::bigint[]) and s.worker_key = :workerKey and s.status = 'running'
