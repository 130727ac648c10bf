select c.failed_stage as "failedStage" from step s left join flow_call c on c.step_key = s.key
 where s.key = :key and s.run_id = :runId::uuid and s.attempt = :attempt and s.status = 'running'
