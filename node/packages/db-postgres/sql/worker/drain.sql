update worker set status = 'draining' where key = :workerKey and status = 'live'
