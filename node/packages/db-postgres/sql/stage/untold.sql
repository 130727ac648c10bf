-- Completed stages that the flow has to be told of again, in the order of their completion: no call told of them but together with a failure that was taken back since.
-- Two kinds are left out. Those before a completed stage with recover: it handled all failures until then, and what the flow made of them stands,
-- if it was told of them: the end of the run may have cancelled the call.
-- And, where a final stage stands, those that no call ever told of beside a failure: the run had completed, and nothing was told any more.
select t.name from stage t
 where t.run_id = :runId::uuid and t.superseded = 0 and t.status = 'completed'
   and not exists (select 1 from step s join flow_call c on c.step_key = s.key
                    where s.run_id = t.run_id and s.kind = 'flow' and s.superseded = 0 and s.status <> 'cancelled' and c.completed_stage = t.name
                      and (c.failed_stage = '' or exists (select 1 from stage f where f.run_id = t.run_id and f.name = c.failed_stage and f.superseded = 0 and f.status = 'failed')))
   and (not exists (select 1 from stage r where r.run_id = t.run_id and r.recover and r.superseded = 0 and r.status = 'completed' and r.completed_at > t.completed_at)
        or not exists (select 1 from step s join flow_call c on c.step_key = s.key
                        where s.run_id = t.run_id and s.kind = 'flow' and s.status <> 'cancelled' and c.completed_stage = t.name))
   and (exists (select 1 from step s join flow_call c on c.step_key = s.key
                 where s.run_id = t.run_id and s.kind = 'flow' and c.completed_stage = t.name and c.failed_stage <> '')
        or not exists (select 1 from stage z where z.run_id = t.run_id and z.superseded = 0 and z.final and z.status <> 'failed'))
 order by t.completed_at, t.key
