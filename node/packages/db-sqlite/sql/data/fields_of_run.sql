select
  s.key, s.id as "stepId", s.name as "stepName", g.name as "stageName", s.status, s.completed_at as "completedAt",
  f.name as "fieldName", f.value
from stage g
join step s on s.stage_key = g.key
join step_field f on f.step_key = s.key
where g.run_id = :runId and exists (select 1 from run_detail d where d.run_id = :runId) and s.superseded = 0 and (:fieldName is null or f.name = :fieldName)
order by s.key, f.no
