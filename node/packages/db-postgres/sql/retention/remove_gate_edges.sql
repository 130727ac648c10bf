delete from gate_edge e
 using (select o.gate_key, o.to_key from stage g join gate t on t.stage_key = g.key join gate_edge o on o.gate_key = t.key
         where g.run_id = any(:runIds::uuid[]) limit :limit) x
 where e.gate_key = x.gate_key and e.to_key = x.to_key
