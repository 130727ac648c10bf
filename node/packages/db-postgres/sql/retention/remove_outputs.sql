delete from step_output where step_key = any(:keys::bigint[])
