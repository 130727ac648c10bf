insert into attempt (step_key, attempt, status, worker_key, started_at, completed_at, exit_code, signal, reason, error, cpu_ms, max_rss_bytes)
select key, attempt, status, ran_by, started_at, completed_at, exit_code, signal, case when status = 'completed' then null else status end, error, cpu_ms, max_rss_bytes
  from step where key = any(:keys::bigint[]) and attempt > 0
on conflict (step_key, attempt) do nothing
