-- The run's row is the mutex of everything below it; ids ascending, so that two that lock several cannot deadlock.
select r.id, r.flow_name as "flowName", r.priority, r.status, r.control, r.active, r.open_stages as "openStages", r.open_calls as "openCalls", r.calls,
       r.final_stage as "finalStage", r.final_completed as "finalCompleted", r.retries, r.completed_stage as "completedStage",
       r.failed_stage as "failedStage", r.last_no as "lastNo", r.started_at as "startedAt", r.deadline_at as "deadlineAt", d.timeout_ms as "timeoutMs"
  from run r join run_detail d on d.run_id = r.id
 where r.id = any(:runIds::uuid[])
 order by r.id
   for update of r
