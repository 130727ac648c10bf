-- Locked first: a claim of it shares the row, which does not keep its renewals waiting, and comes before this or after it.
update worker set status = 'retired' where key in (select key from worker where key = :workerKey and status in ('live', 'draining') for update)
