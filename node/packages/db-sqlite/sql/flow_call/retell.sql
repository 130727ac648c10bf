update flow_call set completed_stage = coalesce(:completedStage, completed_stage), failed_stage = :failedStage where step_key = :key
