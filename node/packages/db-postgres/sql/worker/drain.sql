-- Locked first: a claim of it shares the row, which does not keep its renewals waiting, and comes before this or after it.
update worker set status = 'draining' where key in (select key from worker where key = :workerKey and status = 'live' for update)
