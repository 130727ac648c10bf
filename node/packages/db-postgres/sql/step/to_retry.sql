select key, id, kind, attempt, status, stage_key as "stageKey" from step
 where run_id = :runId::uuid and id = :stepId and superseded = 0 and kind = 'step'
