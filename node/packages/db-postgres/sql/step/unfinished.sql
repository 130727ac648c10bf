-- What a retry of the run makes pending again: failures that nobody handled, and what was aborted or cancelled; not calls that were withdrawn when the failure that they
-- would have told of was handled.
select s.key, s.id, s.kind, s.attempt
  from step s
  left join stage t on t.key = s.stage_key
  left join step_option o on o.step_key = s.key
  left join flow_call c on c.step_key = s.key
 where s.run_id = :runId::uuid and s.superseded = 0 and s.status in ('failed', 'aborted', 'cancelled')
   and not coalesce(t.handled, false)
   and not (s.status = 'failed' and coalesce(o.allow_failure, false))
   and not (s.status = 'cancelled' and coalesce(c.failed_stage, '') <> '')
   and not (s.kind = 'flow' and s.status = 'cancelled'
            and exists (select 1 from stage f where f.run_id = s.run_id and f.final and f.status = 'completed' and f.superseded = 0))
 order by s.key
