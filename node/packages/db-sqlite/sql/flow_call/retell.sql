-- Calls that wait to tell of a failure are told what is true now.
update flow_call set failed_stage = :failedStage
 where failed_stage <> '' and step_key in (select key from step where run_id = :runId and kind = 'flow' and superseded = 0 and status = 'pending')
