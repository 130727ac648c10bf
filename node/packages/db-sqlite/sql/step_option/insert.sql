insert into step_option (step_key, depends_on, env, timeout_ms, retry_delay_ms, retry_backoff, on_lost, allow_failure)
select value ->> '$.key', value ->> '$.deps', value ->> '$.env', value ->> '$.timeout', value ->> '$.delay', value ->> '$.backoff', value ->> '$.lost', value ->> '$.allow'
  from json_each(:rows)
