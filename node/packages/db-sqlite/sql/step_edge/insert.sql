insert into step_edge (from_key, to_key) select value ->> '$.f', value ->> '$.t' from json_each(:rows)
