select (select count(*) from stage where run_id = :runId::uuid and superseded = 0 and status in ('pending', 'running')) as "openStages",
       (select count(*) from step where run_id = :runId::uuid and superseded = 0 and kind = 'flow' and status in ('pending', 'running')) as "openCalls",
       exists (select 1 from stage where run_id = :runId::uuid and superseded = 0 and final and status <> 'failed') as "finalStage",
       exists (select 1 from stage where run_id = :runId::uuid and superseded = 0 and final and status = 'completed') as "finalCompleted",
       (select name from stage where run_id = :runId::uuid and superseded = 0 and status = 'completed'
         order by completed_at desc, key desc limit 1) as "completedStage",
       (select name from stage where run_id = :runId::uuid and superseded = 0 and status = 'failed' and not handled
         order by completed_at desc, key desc limit 1) as "failedStage"
