update worker set status = 'lost' where key = :workerKey and renewals = :renewals and status in ('live', 'draining')
