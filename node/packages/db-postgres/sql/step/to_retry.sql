-- Of steps that had the same id, the one that is not history, else the latest.
select s.key, s.id, s.kind, s.attempt, s.status, s.superseded, s.stage_key as "stageKey", t.after_failure as "afterFailure"
  from step s join stage t on t.key = s.stage_key
 where s.run_id = :runId::uuid and s.id = :stepId and s.kind = 'step'
 order by case s.superseded when 0 then 0 else 1 end, s.superseded desc
 limit 1
