delete from attempt where step_key = any(:keys::bigint[])
