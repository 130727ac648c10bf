-- The run's output is that of failure callbacks, or of their stages: what it was before them. Not if it is that of a stage of the flow's own, too.
select b.value as "before"
  from step s join run_detail d on d.run_id = s.run_id
  join step_field o on o.step_key = s.key and o.name = 'output' and o.value = d.output
  join step_field b on b.step_key = s.key and b.name = 'before'
 where s.run_id = :runId::uuid and s.kind = 'flow'
   and not exists (select 1 from stage t where t.run_id = s.run_id and t.superseded = 0 and not t.after_failure and t.final and t.status = 'completed' and t.output = d.output)
 order by s.key desc limit 1
