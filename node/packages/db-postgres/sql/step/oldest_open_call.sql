select key, kind, priority, status = 'running' as running from step
 where run_id = :runId::uuid and kind = 'flow' and superseded = 0 and status in ('pending', 'running')
 order by status desc, key limit 1
