-- The run's output is that of a stage which this retry superseded.
select t.name from stage t join run_detail d on d.run_id = t.run_id
 where t.run_id = :runId::uuid and t.superseded = :retry and t.final and t.status = 'completed' and t.output = d.output
 limit 1
