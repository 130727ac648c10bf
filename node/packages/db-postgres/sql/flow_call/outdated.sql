-- Calls that wait to tell of a failure that stands no more. "again": an earlier one told what they say is completed, so that nothing is left to tell.
select s.key, s.id,
       c.completed_stage = ''
         or exists (select 1 from step b join flow_call d on d.step_key = b.key
                     where b.run_id = s.run_id and b.kind = 'flow' and b.superseded = 0 and b.status <> 'cancelled' and b.key < s.key
                       and d.completed_stage = c.completed_stage) as again
  from step s join flow_call c on c.step_key = s.key
 where s.run_id = :runId::uuid and s.kind = 'flow' and s.superseded = 0 and s.status = 'pending' and c.failed_stage <> ''
   and not exists (select 1 from stage f where f.run_id = s.run_id and f.name = c.failed_stage and f.superseded = 0 and f.status = 'failed' and not f.handled)
 order by s.key
