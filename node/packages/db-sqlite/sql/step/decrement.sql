-- What waits for a step itself and for its gate loses one for each.
update step set deps_remaining = max(0, step.deps_remaining - r.n)
  from (select to_key, count(*) as n
          from (select to_key from step_edge where from_key in (select value from json_each(:keys))
                union all
                select to_key from gate_edge where gate_key in (select value from json_each(:gateKeys)))
         group by to_key) r
 where step.key = r.to_key and step.status = 'pending' and step.deps_remaining > 0
returning key, kind, priority, deps_remaining as "depsRemaining"
