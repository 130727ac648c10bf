delete from step_edge where (from_key, to_key) in (select from_key, to_key from step_edge where from_key in (select value from json_each(:keys)) limit :limit)
