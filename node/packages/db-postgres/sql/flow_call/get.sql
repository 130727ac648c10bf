-- "afterFailure": what it asks for is the clean-up of a failure, which nobody has handled meanwhile.
select c.completed_stage as "completedStage", c.failed_stage as "failedStage", c.accepted, c.refusal,
       c.failed_stage <> ''
         and not exists (select 1 from step s join stage f on f.run_id = s.run_id and f.name = c.failed_stage and f.superseded = 0
                          where s.key = c.step_key and f.handled) as "afterFailure"
  from flow_call c where c.step_key = :stepKey
