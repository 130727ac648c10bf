delete from step_field where step_key = any(:keys::bigint[])
