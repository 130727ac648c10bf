-- A new run with its first flow call, which is claimable. Answers when it was created, in ms.
create or replace function pg_temp.create_run(
  _run uuid, _flow_name text, _priority int, _input text, _metadata text, _metadata_rows json, _name text, _description text, _flow_title text,
  _timeout_ms bigint, _parent_run uuid)
returns bigint language plpgsql as $body$
declare _now bigint := now_ms(); _key bigint;
begin
  insert into run (id, flow_name, status, priority, created_at, deadline_at, calls, open_calls, event_no)
  values (_run, _flow_name, 'pending', _priority, _now, _now + _timeout_ms, 1, 1, 1);
  insert into run_detail (run_id, input, metadata, name, description, flow_title, timeout_ms, parent_run_id)
  values (_run, _input, _metadata, _name, _description, _flow_title, _timeout_ms, _parent_run);
  if _metadata_rows is not null then
    insert into run_metadata (run_id, name, value, created_at, flow_name)
    select _run, m.name, m.value, _now, _flow_name from json_to_recordset(_metadata_rows) as m(name text, value text);
  end if;
  insert into step (run_id, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
  values (_run, 'flow', 'flow:1', '', 0, 'pending', _priority, pg_temp.waiting_no('flow', _priority, 0) + 1, 0, 0, _now)
  returning key into _key;
  insert into flow_call (step_key) values (_key);
  insert into event (run_id, no, at, body)
  values (_run, 1, _now, '[{"type":"run","data":{"status":"pending"}},{"type":"flow","data":{"id":"flow:1","status":"pending","attempt":0}}]');
  return _now;
end
$body$
