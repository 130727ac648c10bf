-- What waits for a step itself and for its gate loses one for each.
update step s set deps_remaining = greatest(0, s.deps_remaining - r.n)
  from (select to_key, count(*)::int as n
          from (select to_key from step_edge where from_key = any(:keys::bigint[])
                union all
                select to_key from gate_edge where gate_key = any(:gateKeys::bigint[])) e
         group by to_key) r
 where s.key = r.to_key and s.status = 'pending' and s.deps_remaining > 0
returning s.key, s.kind, s.priority, s.deps_remaining as "depsRemaining"
