update step set superseded = :retry
 where run_id = :runId::uuid and kind = 'flow' and superseded = 0
   and key in (select c.step_key from flow_call c where c.step_key = step.key and c.failed_stage <> '')
