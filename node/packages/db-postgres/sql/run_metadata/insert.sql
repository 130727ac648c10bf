insert into run_metadata (run_id, name, value, created_at, flow_name)
select r.id, m.name, m.value, r.created_at, r.flow_name
  from run r cross join json_to_recordset(:rows::json) as m(name text, value text)
 where r.id = :runId::uuid
