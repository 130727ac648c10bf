with recursive reached(key) as (
  select :key
  union
  select e.to_key from reached r join step_edge e on e.from_key = r.key
  union
  select g.to_key from reached r join step s on s.key = r.key join gate_edge g on g.gate_key = s.gate_key
)
update step set status = 'cancelled', claim_no = null, due_at = null, completed_at = now_ms(), error = :error
 where stage_key = :stageKey and status = 'pending'
   and ((select fail_fast from stage where key = :stageKey) or key in (select key from reached))
returning id, attempt
