-- A pending step waits for as many steps and gates as are not satisfied. One that has run before, or was claimed and handed back, may wait for fewer:
-- a dependency whose failure was allowed can be retried alone while the dependent goes on.
with unmet as (
  select e.to_key from step_edge e join step f on f.key = e.from_key left join step_option o on o.step_key = f.key
   where not (f.status = 'completed' or (f.status = 'failed' and coalesce(o.allow_failure, false)))
  union all
  select e.to_key from gate_edge e join gate g on g.key = e.gate_key where g.remaining > 0
), counted as (
  select to_key, count(*) as n from unmet group by to_key
)
select s.run_id::text as "runId", s.kind as noun, s.id, 'deps_remaining ' || coalesce(c.n, 0) as expected, 'deps_remaining ' || s.deps_remaining as found
  from step s left join counted c on c.to_key = s.key
 where s.status = 'pending' and (s.deps_remaining > coalesce(c.n, 0) or (s.attempt = 0 and s.ran_by is null and s.deps_remaining < coalesce(c.n, 0)))
 limit :limit
