select s.key, s.attempt, s.kind, s.run_id as "runId", r.flow_name as "flowName", s.id, s.name, coalesce(t.name, '') as "stageName",
       s.stage_key as "stageKey", s.sequence, coalesce(o.env, '{}') as env, o.timeout_ms as "timeoutMs",
       coalesce(c.completed_stage, '') as "completedStage", coalesce(c.failed_stage, '') as "failedStage", r.control, t.status as "stageStatus",
       greatest(0, s.claimed_at - coalesce(s.ready_at, s.created_at)) as "waitedMs"
  from step s
  join run r on r.id = s.run_id
  left join stage t on t.key = s.stage_key
  left join step_option o on o.step_key = s.key
  left join flow_call c on c.step_key = s.key
 where s.key = any(:keys::bigint[])
