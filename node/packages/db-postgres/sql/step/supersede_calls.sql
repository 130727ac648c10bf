-- Calls that were told of a failure, unless that was handled: then what they asked for stands, too.
update step set superseded = :retry
 where run_id = :runId::uuid and kind = 'flow' and superseded = 0
   and key in (select c.step_key from flow_call c where c.step_key = step.key and c.failed_stage <> ''
                  and not exists (select 1 from stage f where f.run_id = step.run_id and f.name = c.failed_stage and f.superseded = 0 and f.handled))
