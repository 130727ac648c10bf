update flow_call set failed_stage = :failedStage where step_key = :key
