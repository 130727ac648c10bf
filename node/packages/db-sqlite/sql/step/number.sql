update step set claim_no = r.no, ready_at = now_ms()
  from (select value ->> '$.key' as key, value ->> '$.no' as no from json_each(:rows)) r
 where step.key = r.key and step.status = 'pending' and step.deps_remaining = 0 and step.due_at is null
