-- The exchange of stages that calls ask for over HTTP: the only step of such a stage that was still open ended well, and the call that asked for it, the only one of its run that is open; the
-- flow is called back, or its run ends with it. The queue is known to be empty. "_call" is as for pg_temp.settle_call; the rules of locks and plans are those of pg_temp.exchange.
-- Whatever turns out to be otherwise is left to that, with nothing changed.
create or replace function pg_temp.finish_stage(
  _worker bigint, _round bigint, _key bigint, _attempt int, _duration bigint, _cpu int, _rss bigint, _stage bigint, _run uuid, _call json, _outputs json,
  _free_steps int, _ahead_steps int, _free_calls int)
returns text language plpgsql as $body$
declare
  _now bigint := now_ms(); _call_key bigint := (_call ->> 'key')::bigint; _call_attempt int := (_call ->> 'attempt')::int; _locked boolean; _r record;
  _name text; _final boolean; _id text; _call_id text; _next bigint; _event_no bigint; _events text; _tasks text := '';
begin
  -- The expression comes before the statement, and so before its snapshot.
  _locked := pg_advisory_xact_lock_shared(1297111377, _worker::int) is not null;
  select r.flow_name, r.failed_stage, r.calls, r.priority, r.active = 2 and r.open_stages = 1 and r.failed_stage is null as may_end,
         r.control is null and r.open_calls = 1 and not r.final_completed
           and (select w.status = 'live' and w.round <= _round from worker w where w.key = _worker) as simple
    into _r from run r where r.id = _run for update;
  if _r.simple then
    update stage t
       set open_steps = 0, status = 'completed', completed_at = _now
     where t.key = _stage and t.status = 'running' and t.open_steps = 1 and t.failed_steps = 0 and t.superseded = 0 and t.max_parallel is null
       and case when t.final then _r.may_end and t.output is null else _free_calls > 0 and not (t.recover and _r.failed_stage is not null) end
       and (select c.accepted and c.refusal is null from flow_call c where c.step_key = _call_key)
       and (select s.status = 'running' and s.worker_key is not distinct from _worker and s.attempt = _call_attempt from step s where s.key = _call_key)
       and (select s.status = 'running' and s.worker_key is not distinct from _worker and s.attempt = _attempt from step s where s.key = _key)
       and (select e.to_key from step_edge e where e.from_key = _key limit 1) is null
    returning t.name, t.final into _name, _final;
  end if;
  if _name is null then
    return pg_temp.exchange(_worker, _round, array[_key], array[_attempt], array[_duration], array[_cpu], array[_rss], array[_stage], array[_stage], array[1],
      array[_run], json_build_array(_call), null, null, _outputs, null, _free_steps, _ahead_steps, _free_calls, false, false, null, null);
  end if;

  update step s
     set status = 'completed', worker_key = null, completed_at = _now, exit_code = 0, started_at = coalesce(s.started_at, _now - _duration),
         cpu_ms = _cpu, max_rss_bytes = _rss
   where s.key = _key
  returning s.id into _id;
  update step s
     set status = 'completed', worker_key = null, completed_at = _now, exit_code = (_call ->> 'exitCode')::int,
         started_at = coalesce(s.started_at, _now - (_call ->> 'durationMs')::bigint), cpu_ms = (_call ->> 'cpuMs')::int, max_rss_bytes = (_call ->> 'maxRssBytes')::bigint
   where s.key = _call_key
  returning s.id into _call_id;
  if _final then
    update run r
       set active = 0, open_stages = 0, open_calls = 0, completed_stage = _name, final_completed = true, status = 'completed', deadline_at = null, completed_at = _now,
           event_no = r.event_no + 1
     where r.id = _run
    returning r.event_no into _event_no;
    _events := '';
  else
    insert into step (run_id, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, worker_key, ran_by, created_at, claimed_at, started_at)
    values (_run, 'flow', 'flow:' || _r.calls + 1, '', _r.calls, 'running', _r.priority, 0, 1, 0, _worker, _worker, _now, _now, _now)
    returning key into _next;
    insert into flow_call (step_key, completed_stage, failed_stage) values (_next, _name, coalesce(_r.failed_stage, ''));
    update run r
       set active = r.active - 1, open_stages = r.open_stages - 1, completed_stage = _name, calls = r.calls + 1, event_no = r.event_no + 1
     where r.id = _run
    returning r.event_no into _event_no;
    _events := ',{"type":"flow","data":{"id":"flow:' || _r.calls + 1 || '","status":"pending","attempt":0}}';
    _tasks := '[1,' || _next || ',1,"flow","' || _run || '",' || to_json(_r.flow_name) || ',"flow:' || _r.calls + 1 || '","","",null,' || _r.calls || ',{},null,'
      || to_json(_name) || ',' || to_json(coalesce(_r.failed_stage, '')) || ']';
  end if;
  insert into event (run_id, no, at, body)
  values (_run, _event_no, _now, '[{"type":"step","data":{"id":' || to_json(_id) || ',"status":"completed","attempt":' || _attempt || ',"exitCode":0}},{"type":"stage","data":{"name":'
    || to_json(_name) || ',"status":"completed"}}' || _events || ',{"type":"flow","data":{"id":' || to_json(_call_id) || ',"status":"completed","attempt":' || _call_attempt
    || ',"exitCode":' || (_call ->> 'exitCode') || ',"signal":null}}'
    || case when _final then ',{"type":"run","data":{"status":"completed"}}' else ',{"type":"flow","data":{"id":"flow:' || _r.calls + 1 || '","status":"running","attempt":1}}' end || ']');
  if _outputs is not null then
    insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
    select o.key, case when o.key = _key then _attempt else _call_attempt end, o.stdout, o.stderr, o."stdoutBytes", o."stderrBytes", o."stdoutTruncated", o."stderrTruncated"
      from json_to_recordset(_outputs) as o(key bigint, stdout text, stderr text, "stdoutBytes" bigint, "stderrBytes" bigint, "stdoutTruncated" boolean, "stderrTruncated" boolean)
    on conflict (step_key, attempt) do nothing;
  end if;
  return '{"tasks":[' || _tasks || '],"floor":null,"passed":false,"told":["' || _run || '"]' || case when _final then ',"ended":["' || _run || '"]' else '' end || '}';
end
$body$
