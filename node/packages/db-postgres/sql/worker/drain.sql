-- Locked before the row: the advisory lock of this worker, as worker/begin_round does.
with claims as materialized (select pg_advisory_xact_lock(1297111377, :workerKey::int))
update worker set status = 'draining' where key in (select key from worker, claims where key = :workerKey and status = 'live' for update of worker)
