-- Locked before the row: the advisory lock of this worker (1297111377 is the class of such locks, the worker's key the number in it). Every function that claims for the
-- worker, or that ends what it has, shares it: it comes before this or after it, and writes nothing and keeps no renewal waiting, as a lock of the worker's row would.
with claims as materialized (select pg_advisory_xact_lock(1297111377, :workerKey::int))
update worker set round = greatest(round, :round::bigint) where key in (select key from worker, claims where key = :workerKey for update of worker)
