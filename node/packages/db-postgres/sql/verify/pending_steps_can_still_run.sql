-- In a run that goes on, no pending step depends on one that is over and not satisfied: it would wait for ever.
with lost as (
  select f.key, f.id, f.status, f.gate_key from step f left join step_option o on o.step_key = f.key
   where f.kind = 'step' and f.status in ('failed', 'cancelled', 'aborted') and not (f.status = 'failed' and coalesce(o.allow_failure, false))
), vain as (
  select e.to_key, l.id, l.status from lost l join step_edge e on e.from_key = l.key
  union all
  select e.to_key, l.id, l.status
    from (select gate_key, min(id) as id, min(status) as status from lost where gate_key is not null group by gate_key) l
    join gate_edge e on e.gate_key = l.gate_key
)
select s.run_id::text as "runId", s.kind as noun, s.id, 'cancelled, because ' || v.id || ' is ' || v.status as expected,
       'pending, deps_remaining ' || s.deps_remaining as found
  from vain v join step s on s.key = v.to_key join run r on r.id = s.run_id
 where s.status = 'pending' and s.deps_remaining > 0 and coalesce(r.control, '') not in ('abort', 'fail')
 limit :limit
