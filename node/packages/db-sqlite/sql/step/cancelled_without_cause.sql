-- What was aborted or cancelled, where no failure of its stage is left that would be the reason; and flow calls that failed. One that was told of a failure was taken back, and is not made again.
select s.key, s.id, s.kind, s.attempt
  from step s
  left join stage t on t.key = s.stage_key
  left join step_option o on o.step_key = s.key
  left join flow_call c on c.step_key = s.key
 where s.run_id = :runId and s.superseded = 0 and s.status in ('failed', 'aborted', 'cancelled')
   and not coalesce(t.handled, 0)
   and not (s.status = 'failed' and coalesce(o.allow_failure, 0))
   and not (s.kind = 'flow' and s.status = 'cancelled'
            and exists (select 1 from stage f where f.run_id = s.run_id and f.final and f.status = 'completed' and f.superseded = 0))
   and (s.status = 'aborted' or coalesce(c.failed_stage, '') = '') and (s.kind = 'flow' or s.status <> 'failed')
   and not exists (select 1 from step f left join step_option p on p.step_key = f.key
                    where f.stage_key = s.stage_key and f.status = 'failed' and not coalesce(p.allow_failure, 0))
 order by s.key
