with recursive reached(key) as (
  select :key::bigint
  union
  select n.to_key
    from reached r join step s on s.key = r.key
   cross join lateral (select to_key from step_edge where from_key = s.key
                       union all select to_key from gate_edge where gate_key = s.gate_key) n
), victim as (
  select s.key from step s join stage t on t.key = s.stage_key
   where s.stage_key = :stageKey and s.status = 'pending' and (t.fail_fast or s.key in (select key from reached))
     for update of s
)
update step s set status = 'cancelled', claim_no = null, due_at = null, completed_at = now_ms(), error = :error
  from victim v where s.key = v.key
returning s.id, s.attempt
