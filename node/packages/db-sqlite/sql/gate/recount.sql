update gate set remaining = x.n
  from (select f.gate_key, sum(case when (f.status = 'completed' or (f.status = 'failed' and coalesce(o.allow_failure, 0))) then 0 else 1 end) as n
          from step f left join step_option o on o.step_key = f.key
         where f.run_id = :runId and f.superseded = 0 and f.gate_key is not null
         group by f.gate_key) x
 where gate.key = x.gate_key and gate.remaining <> x.n
