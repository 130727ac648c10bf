update stage
   set open_steps = x.open, failed_steps = x.failed, completed_at = null, status = case when stage.started_at is null then 'pending' else 'running' end
  from (select f.stage_key, sum(case when f.status in ('pending', 'running') then 1 else 0 end) as open,
               sum(case when f.status = 'failed' and not coalesce(o.allow_failure, false) then 1 else 0 end) as failed
          from step f left join step_option o on o.step_key = f.key
         where f.run_id = :runId::uuid and f.superseded = 0 and f.kind = 'step'
         group by f.stage_key) x
 where stage.key = x.stage_key and (x.open > 0 or stage.status = 'aborted') and not stage.handled
