with recursive reached(key) as (
  select :key::bigint
  union
  select n.to_key
    from reached r join step s on s.key = r.key
   cross join lateral (select to_key from step_edge where from_key = s.key
                       union all select to_key from gate_edge where gate_key = s.gate_key) n
)
select s.key, s.id, s.kind, s.attempt, s.status from reached r join step s on s.key = r.key where s.key <> :key order by s.key
