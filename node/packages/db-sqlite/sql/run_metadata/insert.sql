insert into run_metadata (run_id, name, value, created_at, flow_name)
select r.id, m.value ->> 'name', m.value ->> 'value', r.created_at, r.flow_name
  from run r cross join json_each(:rows) m
 where r.id = :runId
