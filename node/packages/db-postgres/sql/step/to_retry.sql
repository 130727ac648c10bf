select s.key, s.id, s.kind, s.attempt, s.status, s.stage_key as "stageKey", t.after_failure as "afterFailure"
  from step s join stage t on t.key = s.stage_key
 where s.run_id = :runId::uuid and s.id = :stepId and s.superseded = 0 and s.kind = 'step'
