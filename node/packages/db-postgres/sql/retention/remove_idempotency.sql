-- Without a foreign key: a key is taken before its run is there.
delete from idempotency_key where run_id = any(:runIds::uuid[])
