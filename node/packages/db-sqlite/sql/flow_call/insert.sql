insert into flow_call (step_key, completed_stage, failed_stage) values (:stepKey, :completedStage, :failedStage)
