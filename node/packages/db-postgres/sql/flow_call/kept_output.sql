-- The first of the failure callbacks that a retry of the run makes history, with what these, or their stages, last set as the run's output; and what that is.
select s.key, o.value as "set", d.output as "current"
  from step s join flow_call c on c.step_key = s.key join run_detail d on d.run_id = s.run_id
  left join step_field o on o.step_key = s.key and o.name = 'output'
 where s.run_id = :runId::uuid and s.kind = 'flow' and s.superseded = 0 and c.failed_stage <> ''
   and not exists (select 1 from stage f where f.run_id = s.run_id and f.name = c.failed_stage and f.superseded = 0 and f.handled)
 order by o.step_key is null, s.key limit 1
