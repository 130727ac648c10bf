-- From the edges: one for each step that is not satisfied, one for each gate that is not open.
-- What waits for others has no time of its own: of a retry's delay nothing is left when what comes before it is run again.
with waits as (
  select e.to_key, 1 as n from step f join step_edge e on e.from_key = f.key left join step_option o on o.step_key = f.key
   where f.run_id = :runId and f.superseded = 0 and not (f.status = 'completed' or (f.status = 'failed' and coalesce(o.allow_failure, 0)))
  union all
  select ge.to_key, 1 from stage t join gate g on g.stage_key = t.key join gate_edge ge on ge.gate_key = g.key
   where t.run_id = :runId and t.superseded = 0 and g.remaining > 0
), total as (
  select to_key, count(*) as n from waits group by to_key
)
update step set deps_remaining = x.n, claim_no = case when x.n > 0 then null else step.claim_no end,
                due_at = case when x.n > 0 then null else step.due_at end
  from (select s.key, coalesce(t.n, 0) as n from step s left join total t on t.to_key = s.key
         where s.run_id = :runId and s.superseded = 0 and s.kind = 'step' and s.status = 'pending') x
 where step.key = x.key and step.deps_remaining <> x.n
