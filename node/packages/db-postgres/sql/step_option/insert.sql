insert into step_option (step_key, depends_on, env, timeout_ms, retry_delay_ms, retry_backoff, on_lost, allow_failure)
select r.key, r.deps, r.env, r.timeout, r.delay, r.backoff, r.lost, r.allow
  from json_to_recordset(:rows::json) as r(key bigint, deps text, env text, timeout bigint, delay bigint, backoff text, lost text, allow boolean)
