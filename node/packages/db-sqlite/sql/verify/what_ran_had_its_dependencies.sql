-- Whatever runs or has run depends only on steps that are satisfied, or were before they were retried alone.
with unmet as (
  select f.key, f.id, f.status, f.gate_key from step f left join step_option o on o.step_key = f.key
   where f.kind = 'step' and not (f.status = 'completed' or (f.status = 'failed' and coalesce(o.allow_failure, false)))
     and not exists (select 1 from attempt a where a.step_key = f.key
                      and (a.status = 'completed' or (a.status = 'failed' and coalesce(o.allow_failure, false))))
), early as (
  select e.to_key, u.id, u.status from unmet u join step_edge e on e.from_key = u.key
  union all
  select e.to_key, u.id, u.status
    from (select gate_key, min(id) as id, min(status) as status from unmet where gate_key is not null group by gate_key) u
    join gate_edge e on e.gate_key = u.gate_key
)
select s.run_id as "runId", s.kind as noun, s.id, 'pending or cancelled, because ' || e.id || ' is ' || e.status as expected, s.status as found
  from early e join step s on s.key = e.to_key
 where s.status in ('running', 'completed', 'failed', 'aborted')
 limit :limit
