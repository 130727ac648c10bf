update step s set claim_no = r.no, ready_at = now_ms()
  from json_to_recordset(:rows::json) as r(key bigint, no bigint)
 where s.key = r.key and s.status = 'pending' and s.deps_remaining = 0 and s.due_at is null
