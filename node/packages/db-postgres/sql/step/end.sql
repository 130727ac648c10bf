update step
   set status = :status, worker_key = null, completed_at = now_ms(), started_at = coalesce(started_at, now_ms() - :durationMs::bigint),
       exit_code = :exitCode, signal = :signal, cpu_ms = :cpuMs, max_rss_bytes = :maxRssBytes, error = :error
 where key = :key and attempt = :attempt and status = 'running'
