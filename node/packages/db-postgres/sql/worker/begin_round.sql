-- Locked first, row and number: a claim of it shares the number, which writes nothing and does not keep its renewals waiting, and comes before this or after it.
with claims as materialized (select pg_advisory_xact_lock(1297111377, :workerKey::int))
update worker set round = greatest(round, :round::bigint) where key in (select key from worker, claims where key = :workerKey for update of worker)
