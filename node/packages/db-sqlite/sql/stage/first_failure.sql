select s.id, s.name, s.error from step s left join step_option o on o.step_key = s.key
 where s.stage_key = :stageKey and s.status = 'failed' and not coalesce(o.allow_failure, 0)
 order by s.completed_at, s.key limit 1
