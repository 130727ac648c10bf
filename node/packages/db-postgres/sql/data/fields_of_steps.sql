select
  s.key, s.id as "stepId", s.name as "stepName", g.name as "stageName", s.status, s.completed_at as "completedAt",
  f.name as "fieldName", f.value
from step s
join stage g on g.key = s.stage_key
left join step_field f on f.step_key = s.key and (:fieldName::text is null or f.name = :fieldName::text)
where s.run_id = :runId::uuid and exists (select 1 from run_detail d where d.run_id = :runId::uuid) and s.id = any(:stepIds::text[]) and s.superseded = 0
order by s.key, f.no
