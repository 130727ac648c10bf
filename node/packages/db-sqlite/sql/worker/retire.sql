update worker set status = 'retired' where key = :workerKey and status in ('live', 'draining')
