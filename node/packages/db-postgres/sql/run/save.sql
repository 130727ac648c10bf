update run
   set status = :status, control = :control, active = :active, open_stages = :openStages, open_calls = :openCalls, calls = :calls,
       final_stage = :finalStage, final_completed = :finalCompleted, retries = :retries, completed_stage = :completedStage,
       failed_stage = :failedStage, last_no = :lastNo, deadline_at = :deadlineAt,
       started_at = case when :started::boolean then coalesce(started_at, now_ms()) else started_at end,
       completed_at = case when :over::boolean then coalesce(completed_at, now_ms()) end
 where id = :runId::uuid
