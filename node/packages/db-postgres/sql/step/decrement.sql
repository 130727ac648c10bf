update step s set deps_remaining = greatest(0, s.deps_remaining - r.n)
  from json_to_recordset(:rows::json) as r(key bigint, n int)
 where s.key = r.key and s.status = 'pending' and s.deps_remaining > 0
returning s.key, s.kind, s.priority, s.deps_remaining as "depsRemaining"
