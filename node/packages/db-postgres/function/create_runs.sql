-- New runs, each with its first flow call, which is claimable. Answers when they were created, in ms. The arrays are parallel, but "_words", which go to other processes with the commit, null: none; "_metadata_rows" is null if none has any.
create or replace function pg_temp.create_runs(
  _runs uuid[], _flow_names text[], _priorities int[], _inputs text[], _metadata text[], _metadata_rows text[], _names text[], _descriptions text[],
  _flow_titles text[], _timeouts bigint[], _parent_runs uuid[], _words text[])
returns bigint language plpgsql as $body$
declare _now bigint := now_ms(); _no bigint := pg_temp.waiting_no('flow', _priorities[1], 0) + 1;
begin
  insert into run (id, flow_name, status, priority, created_at, deadline_at, calls, open_calls, event_no)
  select x.id, x.flow_name, 'pending', x.priority, _now, _now + x.timeout_ms, 1, 1, 1
    from unnest(_runs, _flow_names, _priorities, _timeouts) as x(id, flow_name, priority, timeout_ms);
  insert into run_detail (run_id, input, metadata, name, description, flow_title, timeout_ms, parent_run_id)
  select x.* from unnest(_runs, _inputs, _metadata, _names, _descriptions, _flow_titles, _timeouts, _parent_runs) as x;
  if _metadata_rows is not null then
    insert into run_metadata (run_id, name, value, created_at, flow_name)
    select x.id, m.name, m.value, _now, x.flow_name
      from unnest(_runs, _flow_names, _metadata_rows) as x(id, flow_name, metadata), json_to_recordset(x.metadata::json) as m(name text, value text);
  end if;
  with s as (
    insert into step (run_id, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
    select x.id, 'flow', 'flow:1', '', 0, 'pending', x.priority,
           case when x.priority = _priorities[1] then _no else pg_temp.waiting_no('flow', x.priority, 0) + 1 end, 0, 0, _now
      from unnest(_runs, _priorities) as x(id, priority)
    returning key)
  insert into flow_call (step_key) select s.key from s;
  insert into event (run_id, no, at, body)
  select x.id, 1, _now, '[{"type":"run","data":{"status":"pending"}},{"type":"flow","data":{"id":"flow:1","status":"pending","attempt":0}}]'
    from unnest(_runs) as x(id);
  if _words is not null then
    perform pg_notify('maxq', w.word) from unnest(_words) as w(word);
  end if;
  return _now;
end
$body$
