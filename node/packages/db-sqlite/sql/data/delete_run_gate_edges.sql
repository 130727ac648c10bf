delete from gate_edge where gate_key in (select t.key from gate t join stage g on g.key = t.stage_key where g.run_id = :runId)
