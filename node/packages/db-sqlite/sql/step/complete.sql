-- However many steps end well at once: one statement.
update step
   set status = 'completed', worker_key = null, completed_at = now_ms(), started_at = coalesce(step.started_at, now_ms() - r.duration),
       exit_code = r.code, signal = null, cpu_ms = r.cpu, max_rss_bytes = r.rss, error = null
  from (select value ->> 0 as key, value ->> 1 as duration, value ->> 2 as code, value ->> 3 as cpu, value ->> 4 as rss from json_each(:rows)) r
 where step.key = r.key and step.status = 'running'
