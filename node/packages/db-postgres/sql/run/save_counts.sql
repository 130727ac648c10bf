-- What changes with every exchange, and is in no index.
update run
   set active = :active, open_stages = :openStages, open_calls = :openCalls, calls = :calls, final_stage = :finalStage, final_completed = :finalCompleted,
       retries = :retries, completed_stage = :completedStage, failed_stage = :failedStage, last_no = :lastNo
 where id = :runId::uuid
