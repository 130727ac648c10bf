-- A step whose id the run's history has, too, counts its attempts on from there: no two of one id have the same number.
update step
   set attempt = (select max(h.attempt) from step h where h.run_id = :runId and h.id = step.id and h.superseded > 0)
 where stage_key = :stageKey
   and exists (select 1 from step h where h.run_id = :runId and h.id = step.id and h.superseded > 0 and h.attempt > 0)
