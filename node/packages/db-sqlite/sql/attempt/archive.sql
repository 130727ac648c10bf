insert into attempt (step_key, attempt, status, worker_key, started_at, completed_at, exit_code, signal, reason, error, cpu_ms, max_rss_bytes)
select key, attempt, :status, ran_by, coalesce(started_at, now_ms() - :durationMs), now_ms(), :exitCode, :signal, :reason, :error, :cpuMs, :maxRssBytes
  from step where key = :key
on conflict (step_key, attempt) do nothing
