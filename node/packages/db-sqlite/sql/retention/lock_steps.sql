select key from step where run_id in (select value from json_each(:runIds)) order by key
