select completed_stage as "completedStage", failed_stage as "failedStage", accepted, refusal from flow_call where step_key = :stepKey
