-- A flow call that was told of a failure schedules its clean-up, unless that was handled meanwhile; and a step of such a stage what goes with it.
select coalesce(c.failed_stage, '') <> ''
         and not exists (select 1 from stage f where f.run_id = s.run_id and f.name = c.failed_stage and f.superseded = 0 and f.handled)
         or coalesce(t.after_failure, 0) as "afterFailure",
       case when s.kind = 'step' then s.key end as "scheduledBy"
  from step s left join flow_call c on c.step_key = s.key left join stage t on t.key = s.stage_key
 where s.key = :key and s.run_id = :runId and s.attempt = :attempt and s.status = 'running'
