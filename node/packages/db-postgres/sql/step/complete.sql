-- However many steps end well at once: one statement.
update step s
   set status = 'completed', worker_key = null, completed_at = now_ms(), started_at = coalesce(s.started_at, now_ms() - r.duration),
       exit_code = r.code, signal = null, cpu_ms = r.cpu, max_rss_bytes = r.rss, error = null
  from (select (value ->> 0)::bigint as key, (value ->> 1)::bigint as duration, (value ->> 2)::int as code, (value ->> 3)::int as cpu, (value ->> 4)::bigint as rss
          from json_array_elements(:rows::json) as value) r
 where s.key = r.key and s.status = 'running'
