-- Of these steps of a stage those that would wait for ever: a step that they depend on is over, not satisfied and none of these, and stays so
-- because another failure of the stage does. (Where no other failure is left, or the stage does not fail fast, what was cancelled by none of them is pending again too.)
with recursive failure as (
  select s.key from step s left join step_option o on o.step_key = s.key
   where s.stage_key = :stageKey and s.status = 'failed' and not coalesce(o.allow_failure, false) and s.key not in (select unnest(:keys::bigint[]))
   limit 1
), reached(key) as (
  select s.key from step s join stage t on t.key = s.stage_key left join step_option o on o.step_key = s.key
   where s.stage_key = :stageKey and (s.status = 'failed' or t.fail_fast and s.status in ('cancelled', 'aborted')) and not (s.status = 'failed' and coalesce(o.allow_failure, false))
     and s.key not in (select unnest(:keys::bigint[])) and exists (select 1 from failure)
  union
  select n.to_key
    from reached r join step s on s.key = r.key
   cross join lateral (select to_key from step_edge where from_key = s.key
                       union all select to_key from gate_edge where gate_key = s.gate_key) n
)
select key from reached where key in (select unnest(:keys::bigint[]))
