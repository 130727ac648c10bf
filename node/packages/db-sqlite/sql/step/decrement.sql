update step set deps_remaining = max(0, step.deps_remaining - r.n)
  from (select value ->> '$.key' as key, value ->> '$.n' as n from json_each(:rows)) r
 where step.key = r.key and step.status = 'pending' and step.deps_remaining > 0
returning key, kind, priority, deps_remaining as "depsRemaining"
