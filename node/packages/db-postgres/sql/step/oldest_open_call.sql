-- The call that runs or can be claimed, else the oldest that waits.
select key, kind, priority, status = 'running' or claim_no is not null as admitted from step
 where run_id = :runId::uuid and kind = 'flow' and superseded = 0 and status in ('pending', 'running')
 order by status desc, claim_no is null, key limit 1
