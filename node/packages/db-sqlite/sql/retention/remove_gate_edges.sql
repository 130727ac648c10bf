delete from gate_edge where (gate_key, to_key) in (select o.gate_key, o.to_key from stage g join gate t on t.stage_key = g.key join gate_edge o on o.gate_key = t.key
                                               where g.run_id in (select value from json_each(:runIds)) limit :limit)
