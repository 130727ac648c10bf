with recursive reached(key) as (
  select :key
  union
  select e.to_key from reached r join step_edge e on e.from_key = r.key
  union
  select g.to_key from reached r join step s on s.key = r.key join gate_edge g on g.gate_key = s.gate_key
)
select s.key, s.id, s.kind, s.attempt, s.status from reached r join step s on s.key = r.key where s.key <> :key order by s.key
