-- Calls that wait to tell of a failure that stands no more, or of a completed stage that is open again. "again": nothing is left to tell, because an earlier call told it, or a later
-- one will when that stage completes.
select x.key, x.id, x.attempt, x.reopened,
       case when x.reopened then x.withdrawn
                 or exists (select 1 from step b join flow_call d on d.step_key = b.key
                             where b.run_id = :runId::uuid and b.kind = 'flow' and b.superseded = 0 and b.status <> 'cancelled' and b.key <> x.key
                               and d.failed_stage = x.failed_stage)
            else x.completed_stage = ''
                 or exists (select 1 from step b join flow_call d on d.step_key = b.key
                             where b.run_id = :runId::uuid and b.kind = 'flow' and b.superseded = 0 and b.status <> 'cancelled' and b.key < x.key
                               and d.completed_stage = x.completed_stage)
        end as again
  from (select s.key, s.id, s.attempt, c.completed_stage, c.failed_stage,
               not exists (select 1 from stage f where f.run_id = s.run_id and f.name = c.failed_stage and f.superseded = 0 and f.status = 'failed' and not f.handled) as withdrawn,
               exists (select 1 from stage f where f.run_id = s.run_id and f.name = c.completed_stage and f.superseded = 0 and f.status in ('pending', 'running')) as reopened
          from step s join flow_call c on c.step_key = s.key
         where s.run_id = :runId::uuid and s.kind = 'flow' and s.superseded = 0 and s.status = 'pending') x
 where x.reopened or x.withdrawn and x.failed_stage <> ''
 order by x.key
