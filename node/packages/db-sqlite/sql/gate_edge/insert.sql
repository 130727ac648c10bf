insert into gate_edge (gate_key, to_key) select value ->> '$.f', value ->> '$.t' from json_each(:rows)
