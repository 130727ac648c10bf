-- Nothing is claimed for a worker whose registration is over, nor for a request of an earlier round.
select key from worker where key = :workerKey and status = 'live' and round <= :round
