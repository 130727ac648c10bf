-- Locked first: a claim of it shares the row, which does not keep its renewals waiting, and comes before this or after it.
update worker set round = greatest(round, :round::bigint) where key in (select key from worker where key = :workerKey for update)
