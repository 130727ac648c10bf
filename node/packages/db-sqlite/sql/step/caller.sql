-- A flow call that was told of a failure schedules its clean-up, and a step of such a stage what goes with it.
select coalesce(c.failed_stage, '') <> '' or coalesce(t.after_failure, 0) as "afterFailure"
  from step s left join flow_call c on c.step_key = s.key left join stage t on t.key = s.stage_key
 where s.key = :key and s.run_id = :runId and s.attempt = :attempt and s.status = 'running'
